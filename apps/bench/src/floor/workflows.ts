import { proxyActivities, startChild } from '@temporalio/workflow';

export interface FloorInput {
  readonly groups: number;
  /** Children at work at a time. */
  readonly window: number;
  /** Task queue of each step; the activity there does nothing. */
  readonly steps: readonly string[];
}

type Empty = Record<'empty', () => Promise<void>>;

/** The least that the same run could be: activities one after another on the same task queues, which do nothing. */
export async function floorGroup(steps: readonly string[]): Promise<void> {
  for (const taskQueue of steps) {
    const { empty } = proxyActivities<Empty>({ taskQueue, startToCloseTimeout: '1 minute' });
    await empty();
  }
}

/** As many children at a time as a roster has. */
export async function floorRoster({ groups, window, steps }: FloorInput): Promise<void> {
  let next = 0;
  const runNext = async (): Promise<void> => {
    while (next < groups) {
      next += 1;
      const child = await startChild(floorGroup, { args: [steps] });
      await child.result();
    }
  };
  await Promise.all(Array.from({ length: window }, runNext));
}
