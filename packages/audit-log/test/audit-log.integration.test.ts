import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { openAuditLog, readAuditLog } from '../src/index.ts';
import { auditRecord } from './audit-record-fixture.ts';

const script = fileURLToPath(new URL('./fixtures/append-records.mjs', import.meta.url));
const run = promisify(execFile);
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-log-'));
  file = join(folder, 'audit.jsonl');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const args = (count: number): string[] => [script, file, JSON.stringify(auditRecord()), String(count)];

async function idsIn(): Promise<string[]> {
  const ids: string[] = [];
  const records = readAuditLog(file);
  for await (const record of records) ids.push(record.id);
  return ids;
}

it('has each id once after three processes appended the same ids at the same time', async () => {
  const count = 60;
  const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, args(count))));
  const appended = outputs.map((output) => Number(output.stdout));
  expect(appended.reduce((a, b) => a + b, 0)).toBe(count);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(count);
  expect(new Set(await idsIn()).size).toBe(count);
});

it('goes on after a writer was killed in the middle', async () => {
  const writer = spawn(process.execPath, args(100_000), { stdio: 'ignore' });
  try {
    while ((await stat(file).catch(() => undefined))?.size === undefined) await sleep(10);
    await sleep(100);
  } finally {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
  const before = await idsIn();
  expect(before.length).toBeGreaterThan(0);
  const log = openAuditLog(file);
  expect(await log.append(auditRecord({ id: 'id-0' }))).toBe('already-recorded');
  expect(await log.append(auditRecord({ id: 'after-the-crash' }))).toBe('appended');
  const after = await idsIn();
  expect(after).toEqual([...before, 'after-the-crash']);
  expect(new Set(after).size).toBe(after.length);
});
