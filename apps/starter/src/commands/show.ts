import type { OnboardingStatus, OnboardingStory, StoryDecision, StoryStep } from '@scim-onboarding/onboarding-client';
import { uiAddress, withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatDuration } from '../format.ts';
import { indented } from '../indent.ts';
import { formatTable } from '../table.ts';
import { headLines, stateLines } from './status.ts';

export interface ShowFlags {
  readonly tenant?: string;
  readonly run?: string;
}

/** `onboard show`: the story of a run, out of its history. Exit code 1 if it did not succeed. */
export async function show(context: Context, id: string, flags: ShowFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const { found, story } = await withOnboarding(context, flags.tenant ?? settings.tenant, async (onboarding) => {
    const status = await onboarding.status(id, flags.run === undefined ? {} : { runId: flags.run });
    return { found: status, story: await onboarding.story(id, { runId: status.runId }) };
  });
  const address = uiAddress(settings, found.uiPath);
  for (const line of [...headLines(found, address), ...storyLines(story, found), ...stateLines(found)])
    output.line(line);
  output.json({ ...found, story, ...(settings.uiUrl !== undefined && { uiUrl: address }) });
  return found.failure === undefined ? EXIT.done : EXIT.failed;
}

const MARKS = { pending: '…', done: '✓', failed: '✗', 'timed-out': '✗', cancelled: '-' } as const;

/** What a person reads about what happened. */
export function storyLines(
  story: OnboardingStory,
  found: Pick<OnboardingStatus, 'steps' | 'pendingActivities'>,
): string[] {
  const notes = noteFinder(found);
  const rows = story.steps.map((step) => {
    const attempts = attemptsOf(step, found);
    return [
      `${MARKS[step.state]} ${step.activityId}`,
      step.scheduledAt.slice(0, 19).replace('T', ' '),
      step.endedAt === undefined ? 'open' : formatDuration(Date.parse(step.endedAt) - Date.parse(step.scheduledAt)),
      `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
      notes(step),
    ];
  });
  const [head = '', ...lines] = formatTable(['  STEP', 'SCHEDULED (UTC)', 'TOOK', 'ATTEMPTS', 'RESULT'], rows);
  const steps = lines.flatMap((line, index) => [line, ...failureLines(story.steps[index])]);
  return [
    `Steps, ${story.events} events`,
    head,
    ...steps,
    ...(story.decisions.length === 0 ? [] : ['Decisions', ...story.decisions.map(decisionLine)]),
    ...(story.resets.length === 0
      ? []
      : ['Resets', ...story.resets.map(({ at, fromRunId, reason }) => `  ${at}  from run ${fromRunId}: ${reason}`)]),
  ];
}

/** Notes of the run's own report, by activity id; a step that ran several times has one for each. */
function noteFinder({ steps = [] }: Pick<OnboardingStatus, 'steps'>): (step: StoryStep) => string {
  const left = [...steps];
  return ({ activityId }) => {
    const index = left.findIndex((step) => step.activityId === activityId);
    const [step] = index === -1 ? [] : left.splice(index, 1);
    return step?.note ?? '';
  };
}

/** The history tells of an attempt when the step ends; before that the server does. */
function attemptsOf(step: StoryStep, { pendingActivities }: Pick<OnboardingStatus, 'pendingActivities'>): number {
  if (step.state !== 'pending') return step.attempts;
  return pendingActivities.find(({ activityId }) => activityId === step.activityId)?.attempt ?? step.attempts;
}

function failureLines(step: StoryStep | undefined): string[] {
  if (step?.lastFailure === undefined) return [];
  const { type, message, request, status, correlationId } = step.lastFailure;
  const facts = [
    ...(request === undefined || message.includes(request) ? [] : [request]),
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(correlationId === undefined ? [] : [`correlation id ${correlationId}`]),
  ];
  const which = step.state === 'done' ? 'an attempt before failed: ' : '';
  return [`    ${which}${type}: ${indented(message, 6)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`];
}

function decisionLine({ at, action, block, by, amended, groupId, compensate, allowRemovals }: StoryDecision): string {
  const parts = [
    `${action}${groupId === undefined ? '' : ` group ${groupId}`}`,
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(amended ? ['with an amended definition'] : []),
    ...(allowRemovals === true ? ['removals allowed'] : []),
    ...(compensate === true ? ['with compensation'] : []),
  ];
  return `  ${at}  ${parts.join(', ')}`;
}
