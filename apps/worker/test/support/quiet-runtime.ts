import { Runtime } from '@temporalio/worker';

let quiet = false;

/** The SDK's log would bury a test's output; failures show in results. */
export function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  const nothing = (): void => undefined;
  Runtime.install({
    logger: { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing },
    telemetryOptions: { logging: { filter: 'OFF' } },
    shutdownSignals: [],
  });
}
