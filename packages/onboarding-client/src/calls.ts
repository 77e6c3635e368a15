import type { Client } from '@temporalio/client';
import { OnboardingClientError } from './errors.ts';
import { toClientError } from './to-client-error.ts';

/** What the functions of this package share. */
export interface Calls {
  readonly client: Client;
  readonly namespace: string;
  /** Deadline of a call that names none, in milliseconds. */
  readonly deadlineMs: number;
  /** Runs one call under a deadline and maps what it throws. */
  call<T>(facts: CallOptions, run: () => Promise<T>): Promise<T>;
}

export interface CallOptions {
  readonly call: string;
  readonly workflowId: string;
  /** What the call is about, where that is no workflow. */
  readonly subject?: string;
  readonly runId?: string;
  /** Milliseconds; default {@link Calls.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
}

export function createCalls(client: Client, defaultDeadlineMs: number): Calls {
  const { namespace } = client.options;
  return {
    client,
    namespace,
    deadlineMs: defaultDeadlineMs,
    async call({ deadlineMs = defaultDeadlineMs, ...facts }, run) {
      try {
        return await client.withDeadline(Date.now() + deadlineMs, run);
      } catch (error) {
        if (error instanceof OnboardingClientError) throw error;
        throw toClientError(error, { ...facts, namespace, deadlineMs });
      }
    },
  };
}
