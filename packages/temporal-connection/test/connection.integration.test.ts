import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  connectClient,
  devServerEnvironment,
  ensureSearchAttributes,
  missingSearchAttributes,
  SearchAttributeTypeError,
  startDevServer,
  TemporalUnreachableError,
  type DevServer,
  type SearchAttributeDefinitions,
  type TemporalClient,
} from '../src/index.ts';

const DEFINITIONS: SearchAttributeDefinitions = {
  TestKeyword: 'KEYWORD',
  TestInt: 'INT',
  TestDate: 'DATETIME',
  TestBool: 'BOOL',
  TestDouble: 'DOUBLE',
  TestText: 'TEXT',
  TestList: 'KEYWORD_LIST',
};

let server: DevServer;
let temporal: TemporalClient;

beforeAll(async () => {
  server = await startDevServer();
  temporal = await connectClient({ env: devServerEnvironment(server), identity: 'the-test' });
});

afterAll(async () => {
  await temporal?.close();
  await server?.stop();
});

describe('connectClient', () => {
  it('uses the identity', () => {
    expect(temporal.client.options.identity).toBe('the-test');
  });

  it.each(['nothing listens', 'something that is silent listens'])('is an error in time when %s', async (what) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    if (what === 'nothing listens') other.close();
    const started = performance.now();
    const env = { TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
    const error = await connectClient({ env, connectTimeoutMs: 700 }).catch((caught: unknown) => caught);
    other.close();
    expect(error).toBeInstanceOf(TemporalUnreachableError);
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    expect(String(error)).toContain('npm run dev');
    expect(performance.now() - started).toBeLessThan(2_500);
  });
});

describe('search attributes', () => {
  it('are created at the first run and found at the second', async () => {
    const { connection, namespace } = temporal;
    const names = Object.keys(DEFINITIONS);
    expect(await missingSearchAttributes(connection, namespace, DEFINITIONS)).toEqual(names);
    expect(await ensureSearchAttributes(connection, namespace, DEFINITIONS)).toEqual({ created: names, existing: [] });
    expect(await missingSearchAttributes(connection, namespace, DEFINITIONS)).toEqual([]);
    expect(await ensureSearchAttributes(connection, namespace, DEFINITIONS)).toEqual({ created: [], existing: names });
    const more: SearchAttributeDefinitions = { ...DEFINITIONS, TestMore: 'KEYWORD' };
    expect(await ensureSearchAttributes(connection, namespace, more)).toEqual({
      created: ['TestMore'],
      existing: names,
    });
  });

  it('may be set up by several at the same time', async () => {
    const { connection, namespace } = temporal;
    const sets: SearchAttributeDefinitions[] = [
      { RaceA: 'KEYWORD', RaceB: 'KEYWORD' },
      { RaceB: 'KEYWORD', RaceC: 'INT' },
      { RaceC: 'INT', RaceA: 'KEYWORD' },
      { RaceA: 'KEYWORD', RaceB: 'KEYWORD', RaceC: 'INT' },
    ];
    await Promise.all(sets.map((set) => ensureSearchAttributes(connection, namespace, set)));
    const all: SearchAttributeDefinitions = { RaceA: 'KEYWORD', RaceB: 'KEYWORD', RaceC: 'INT' };
    expect(await missingSearchAttributes(connection, namespace, all)).toEqual([]);
  });

  it('are refused with another type than they have, also those of the system; then none is created', async () => {
    const { connection, namespace } = temporal;
    await ensureSearchAttributes(connection, namespace, { TestTyped: 'KEYWORD' });
    const wrong: SearchAttributeDefinitions = { TestTyped: 'INT', WorkflowId: 'INT', TestNeverMade: 'KEYWORD' };
    const error = await ensureSearchAttributes(connection, namespace, wrong).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SearchAttributeTypeError);
    expect(String(error)).toContain('TestTyped is KEYWORD, wanted INT; WorkflowId is KEYWORD, wanted INT');
    const missing = await missingSearchAttributes(connection, namespace, { TestNeverMade: 'KEYWORD' });
    expect(missing).toEqual(['TestNeverMade']);
  });
});
