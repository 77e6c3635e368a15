import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectClient, startDevServer } from '@scim-onboarding/temporal-connection';
import { expect, it, onTestFinished } from 'vitest';
import { runOnboard } from './run-onboard.ts';

const PROGRAM = fileURLToPath(new URL('fixtures/hand-over-large.mjs', import.meta.url));
const GROUPS = 2_500;
const MEMBERS = 400;
/** Mebibytes of heap. With the ids of a million members in memory it is not enough: as strings they take 56 bytes each. */
const HEAP = 72;

function* ndjson(): Generator<string> {
  for (let group = 0; group < GROUPS; group += 1) {
    const members = Array.from({ length: MEMBERS }, (_, at) => ({
      id: `00000000-0000-4000-8000-${String(group * MEMBERS + at).padStart(12, '0')}`,
    }));
    yield `${JSON.stringify({ externalId: `team-${group}`, displayName: `Team_${group}`, members })}\n`;
  }
}

it('a roster of a million memberships is handed over in little memory', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roster-memory-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = await startDevServer();
  onTestFinished(() => server.stop());
  const temporal = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
  expect(await runOnboard(['setup'], { env: temporal })).toMatchObject({ code: 0 });
  const file = join(folder, 'large.ndjson');
  await pipeline(Readable.from(ndjson()), createWriteStream(file));
  const { stdout } = await promisify(execFile)(process.execPath, [`--max-old-space-size=${HEAP}`, PROGRAM, file], {
    env: { ...process.env, ...temporal, TMPDIR: folder, TMP: folder, TEMP: folder },
    timeout: 150_000,
  });
  const started = JSON.parse(stdout) as { rosterId: string };
  expect(started).toMatchObject({ groups: GROUPS, parts: GROUPS / 50 });
  const { client, close } = await connectClient({ env: temporal });
  onTestFinished(close);
  const run = (await client.workflow.getHandle(started.rosterId).describe()).runId;
  const last = await client.workflow.getHandle(`${started.rosterId}/${run}/part-${GROUPS / 50 - 1}`).describe();
  expect(last.status.name).toBe('RUNNING');
});
