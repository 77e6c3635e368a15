import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';

import {
  connectClient,
  ensureSearchAttributes,
  missingSearchAttributes,
  SearchAttributesRefusedError,
  TemporalAccessDeniedError,
} from '../src/index.ts';

const OK = 0;
const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const UNAUTHENTICATED = 16;

let server: Http2Server | undefined;
const sessions = new Set<ServerHttp2Session>();

afterEach(async () => {
  for (const session of sessions) session.destroy();
  sessions.clear();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

/** A gRPC server over plain HTTP/2: an empty message and the status of the method; OK for all others. */
async function serve(statuses: Record<string, number>): Promise<NodeJS.ProcessEnv> {
  const started = createServer();
  server = started;
  started.on('session', (session) => sessions.add(session));
  started.on('stream', (stream, headers) => {
    const method = String(headers[':path']).split('/').pop() ?? '';
    const status = statuses[method] ?? OK;
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    if (status !== OK) {
      stream.respond({ ...head, 'grpc-status': String(status), 'grpc-message': 'no' }, { endStream: true });
      return;
    }
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { TEMPORAL_ADDRESS: `127.0.0.1:${address.port}` };
}

describe('a server that refuses the credentials', () => {
  it.each([UNAUTHENTICATED, PERMISSION_DENIED])('is not called unreachable (status %i)', async (status) => {
    const env = await serve({ GetSystemInfo: status });
    const error = await connectClient({ env }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TemporalAccessDeniedError);
    expect(String(error)).toContain('TEMPORAL_API_KEY');
  });
});

describe('a server that does not let this client set up search attributes', () => {
  const definitions = { Stage: 'KEYWORD', Count: 'INT' } as const;

  it.each([PERMISSION_DENIED, UNIMPLEMENTED])('is told what to create and where (status %i)', async (status) => {
    const temporal = await connectClient({ env: await serve({ AddSearchAttributes: status }) });
    try {
      const setUp = ensureSearchAttributes(temporal.connection, 'cloud.ns', definitions);
      const error = await setUp.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(SearchAttributesRefusedError);
      expect(error).toMatchObject({ namespace: 'cloud.ns', attributes: ['Stage=KEYWORD', 'Count=INT'] });
      expect(String(error)).toMatch(/Cloud UI.*tcld.*Terraform.*Stage=KEYWORD, Count=INT/s);
    } finally {
      await temporal.close();
    }
  });

  it('is the same when it does not even list them', async () => {
    const temporal = await connectClient({ env: await serve({ ListSearchAttributes: PERMISSION_DENIED }) });
    try {
      const missing = missingSearchAttributes(temporal.connection, 'cloud.ns', definitions);
      await expect(missing).rejects.toThrow(SearchAttributesRefusedError);
    } finally {
      await temporal.close();
    }
  });

  it('is not what another error is taken for', async () => {
    const temporal = await connectClient({ env: await serve({ AddSearchAttributes: INVALID_ARGUMENT }) });
    try {
      const setUp = ensureSearchAttributes(temporal.connection, 'cloud.ns', definitions);
      await expect(setUp).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    } finally {
      await temporal.close();
    }
  });
});
