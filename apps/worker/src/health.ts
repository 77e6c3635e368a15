import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from '@temporalio/worker';

/** What the health endpoint looks at. */
export interface HealthSource {
  /** Undefined until the workers are made: the process is starting, and waits for Temporal perhaps. */
  readonly workers: readonly Pick<Worker, 'getStatus'>[] | undefined;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `GET /livez`: 200 unless a worker failed, so that waiting for Temporal does not get the process killed.
 * `GET /readyz`: 200 once every worker polls its queue; 503 with the reason before, and while it shuts down.
 */
export async function startHealthServer(
  source: HealthSource,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const check = request.url === '/livez' ? live(source) : request.url === '/readyz' ? ready(source) : undefined;
    const status = check === undefined ? 404 : check.ok ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(check ?? { error: 'Try /livez or /readyz.' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Check {
  readonly ok: boolean;
  readonly workers: readonly string[];
}

function live({ workers }: HealthSource): Check {
  const states = (workers ?? []).map((worker) => worker.getStatus().runState);
  return { ok: !states.includes('FAILED'), workers: states };
}

function ready({ workers }: HealthSource): Check {
  const states = (workers ?? []).map((worker) => worker.getStatus());
  // A worker without workflows has a workflow poller that was never started, and the other way round.
  const polling = states.every(
    ({ runState, workflowPollerState: workflows, activityPollerState: activities }) =>
      runState === 'RUNNING' &&
      [workflows, activities].includes('POLLING') &&
      ![workflows, activities].includes('FAILED'),
  );
  return { ok: states.length > 0 && polling, workers: states.map((s) => s.runState) };
}
