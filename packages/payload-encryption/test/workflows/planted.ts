import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
} from '@temporalio/workflow';
import { FAILURE_TEXT, HIDDEN, QUERIED, READABLE } from '../support/needles.ts';

export interface PlantedActivities {
  echo(value: string): Promise<string>;
  fail(): Promise<void>;
  stall(): Promise<void>;
}

const { echo, fail, stall } = proxyActivities<PlantedActivities>({
  startToCloseTimeout: '10 seconds',
  // The last heartbeat gets into the history with the failure of the activity that stalls.
  heartbeatTimeout: '500 ms',
  retry: { maximumAttempts: 1 },
});

export const release = defineSignal<[string]>('release');
export const ask = defineUpdate<string, [string]>('ask');

/** Puts a needle everywhere a workflow can put one, and fails at the end. */
export async function planted(_input: string): Promise<void> {
  let released = false;
  let asked = 0;
  setHandler(release, () => {
    released = true;
  });
  setHandler(ask, (value) => {
    asked += 1;
    if (value === '') throw ApplicationFailure.nonRetryable(FAILURE_TEXT.updateFailure, READABLE.failureType);
    return HIDDEN.updateResult;
  });
  setCurrentDetails(QUERIED.currentDetails);
  upsertMemo({ upserted: HIDDEN.upsertedMemo });
  await sleep('1 ms', { summary: HIDDEN.timerSummary });
  const options = { activityId: READABLE.activityId, summary: HIDDEN.activitySummary };
  await echo.executeWithOptions(options, [HIDDEN.activityInput]);
  await executeChild(child, { args: [HIDDEN.childInput] });
  await condition(() => released && asked === 2);
  await fail().catch(() => undefined);
  await stall().catch(() => undefined);
  throw ApplicationFailure.nonRetryable(FAILURE_TEXT.workflowFailure, READABLE.failureType, HIDDEN.failureDetails);
}

export async function child(_input: string): Promise<string> {
  return HIDDEN.childResult;
}

/** Waits for the signal, so that its worker can be replaced meanwhile. */
export async function waiting(input: string): Promise<string> {
  let value = '';
  setHandler(release, (signalled) => {
    value = signalled;
  });
  await condition(() => value !== '');
  return `${input} and ${value}`;
}

/** Is never finished: an error that is no failure of Temporal fails the workflow task, which is tried again. */
export async function broken(): Promise<void> {
  throw new Error(FAILURE_TEXT.workflowFailure);
}

/** Has an activity on another queue, whose worker can be replaced meanwhile. It returns the number of the attempt. */
export async function delegating(taskQueue: string): Promise<number> {
  const { attempt } = proxyActivities<{ attempt(input: string): Promise<number> }>({
    taskQueue,
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '200 ms', backoffCoefficient: 1 },
  });
  return attempt('encrypted');
}
