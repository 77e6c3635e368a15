import type { Client } from '@temporalio/client';
import type { WorkerMetrics } from './metrics.ts';

const INTERVAL_MS = 15_000;
const DEADLINE_MS = 5_000;

/** Counts blocked runs from time to time. A count that fails leaves the gauge as it was: Temporal's own metrics show why. */
export function watchBlocked(
  client: Client,
  metrics: WorkerMetrics,
  onError: (error: unknown) => void,
): { stop(): void } {
  const count = async (): Promise<void> => {
    try {
      const query = 'WorkflowType = "onboardGroup" AND ExecutionStatus = "Running" AND OnboardingStage = "blocked"';
      const answer = await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.count(query));
      metrics.blocked(answer.count);
    } catch (error) {
      onError(error);
    }
  };
  void count();
  const timer = setInterval(() => void count(), INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
