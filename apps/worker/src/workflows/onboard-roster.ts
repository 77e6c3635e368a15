import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import {
  beginPart,
  getRosterProgress,
  partDone,
  partProgress,
  pauseRoster,
  rosterPartId,
  type OnboardRosterInput,
  type RosterCounts,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract/workflow';

const DEFAULT_PARTS_AT_ONCE = 4;

/** Onboards a roster: lets its parts begin, some at a time, and keeps count. */
export async function onboardRoster(input: OnboardRosterInput): Promise<RosterProgress> {
  const { workflowId } = workflowInfo();
  const counts = new Map<number, RosterCounts>();
  const done = new Set<number>();
  const active = new Set<number>();
  const missing: number[] = [];
  let paused = false;

  const progress = (): RosterProgress => {
    const total = sum([...counts.values()]);
    const settled = Object.values(total).reduce((all, count) => all + count, 0);
    return {
      groups: input.groups,
      settled,
      counts: total,
      paused,
      partsDone: done.size,
      parts: input.parts,
      missingParts: [...missing],
    };
  };
  const show = (): void => setCurrentDetails(renderRoster(input.name, progress()));
  setHandler(getRosterProgress, progress);
  setHandler(partProgress, ({ part, counts: told }) => {
    counts.set(part, told);
    show();
  });
  setHandler(partDone, ({ part, counts: told }) => {
    counts.set(part, told);
    done.add(part);
    active.delete(part);
    show();
  });
  setHandler(pauseRoster, async (value) => {
    paused = value;
    show();
    await Promise.all(
      [...active].map((part) => getExternalWorkflowHandle(rosterPartId(workflowId, part)).signal(pauseRoster, value)),
    );
  });
  show();

  for (let part = 0; part < input.parts; part++) {
    await condition(() => !paused && active.size < (input.partsAtOnce ?? DEFAULT_PARTS_AT_ONCE));
    active.add(part);
    if (!(await begin(rosterPartId(workflowId, part)))) {
      active.delete(part);
      missing.push(part);
    }
  }
  await condition(() => done.size + missing.length === input.parts);
  return progress();
}

/** Parts are handed over after the roster was started; one that does not come within ten minutes is missing. */
async function begin(partId: string): Promise<boolean> {
  for (let attempt = 1; attempt <= 60; attempt++) {
    try {
      await getExternalWorkflowHandle(partId).signal(beginPart);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      await sleep('10 seconds', { summary: `wait until ${partId} is handed over` });
    }
  }
  return false;
}

function sum(all: readonly RosterCounts[]): RosterCounts {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [outcome, count] of Object.entries(counts)) total[outcome] = (total[outcome] ?? 0) + count;
  return total;
}

/** Markdown for the Temporal UI. */
function renderRoster(name: string, { groups, settled, counts, paused, partsDone, parts }: RosterProgress): string {
  const rows = Object.entries(counts).map(([outcome, count]) => `| ${outcome} | ${count} |`);
  return [
    `**Roster** ${name}${paused ? ' (paused)' : ''}`,
    `${settled} of ${groups} groups settled, ${partsDone} of ${parts} parts done`,
    ['| Outcome | Groups |', '| --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}
