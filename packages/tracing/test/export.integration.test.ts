import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startTracing } from '../src/tracing.ts';

it('sends protobuf by default, with the headers and the service name of the environment', async () => {
  const received: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString('latin1') });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-api-key=k1');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'service.name=my-worker,deployment.environment=test');

  const problems: string[] = [];
  const tracing = await startTracing({ serviceName: 'onboard', onProblem: (problem) => problems.push(problem) });
  tracing?.request({ method: 'GET', url: 'http://h/v2/groups?q=ann', status: 200, durationMs: 3 }, 'target');
  await tracing?.shutdown();

  expect(problems).toEqual([]);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'content-type': 'application/x-protobuf', 'x-api-key': 'k1' },
  });
  expect(received[0]?.body).toContain('GET /v2/groups');
  expect(received[0]?.body).toContain('my-worker');
  expect(received[0]?.body).not.toMatch(/\bonboard\b|q=ann/u);
});
