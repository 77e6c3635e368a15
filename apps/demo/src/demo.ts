import type { TargetName } from '@scim-onboarding/scim-core/client';
import { auditMetrics, readAuditLog } from '@scim-onboarding/audit-log';
import { renderReport, type DemoReport } from './report.ts';
import { runStory, type StoryResult } from './run-story.ts';
import { startStack } from './stack.ts';
import { stories } from './stories.ts';

/** Where the demo writes: `say` for people, `json` for machines. */
export interface DemoOutput {
  readonly say: (line: string) => void;
  readonly json: ((report: DemoReport) => void) | undefined;
}

/** Runs every story on a stack of its own and reports. Leaves nothing running. */
export async function demo({ say, json }: DemoOutput, target: TargetName, signal: AbortSignal): Promise<void> {
  const stack = await startStack({ say, target });
  const stopEarly = (): void => void stack.stop();
  signal.addEventListener('abort', stopEarly);
  try {
    const runs: StoryResult[] = [];
    for (const story of stories) {
      signal.throwIfAborted();
      say('');
      say(`${story.name}: ${story.tells}`);
      runs.push(await runStory(story, stack, (line) => say(`  ${line}`)));
    }
    const report: DemoReport = {
      runs,
      audit: await auditMetrics(readAuditLog(stack.auditFile)),
      groupsInDirectory: stack.simulator.groups().length,
    };
    json?.(report);
    say('');
    for (const line of renderReport(report).split('\n')) say(line);
    say(`UI          ${stack.temporal.uiUrl ?? ''} (until this ends; npm run dev keeps it up)`);
  } finally {
    signal.removeEventListener('abort', stopEarly);
    await stack.stop();
  }
}
