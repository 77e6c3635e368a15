import { appendFile, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { auditRecord } from '../test/audit-record-fixture.ts';
import { openAuditLog } from './audit-log.ts';
import { auditMetrics } from './audit-metrics.ts';
import { encodeRecord, type AuditRecord } from './audit-record.ts';
import { AuditRecordInvalidError } from './errors.ts';
import { readAuditLog } from './read-audit-log.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-log-'));
  file = join(folder, 'deep', 'er', 'audit.jsonl');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function collect(source: AsyncIterable<AuditRecord>): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of source) records.push(record);
  return records;
}

describe('append', () => {
  it('creates the folders and a file which only its owner can read', async () => {
    const log = openAuditLog(file);
    expect(await log.append(auditRecord())).toBe('appended');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toBe(`${encodeRecord(auditRecord())}\n`);
    await expect(stat(`${file}.lock`)).rejects.toThrow('ENOENT');
  });

  it('writes an id once, also after a restart and beside another writer', async () => {
    const first = openAuditLog(file);
    const second = openAuditLog(file);
    expect(await first.append(auditRecord({ id: 'a' }))).toBe('appended');
    expect(await second.append(auditRecord({ id: 'a' }))).toBe('already-recorded');
    expect(await second.append(auditRecord({ id: 'b' }))).toBe('appended');
    expect(await first.append(auditRecord({ id: 'b', displayName: 'other' }))).toBe('already-recorded');
    expect(await openAuditLog(file).append(auditRecord({ id: 'b' }))).toBe('already-recorded');
    expect((await collect(first.read())).map((record) => record.id)).toEqual(['a', 'b']);
  });

  it('keeps the order of appends which are not awaited', async () => {
    const log = openAuditLog(file);
    const ids = Array.from({ length: 20 }, (_, i) => `id-${i}`);
    await Promise.all(ids.map((id) => log.append(auditRecord({ id }))));
    expect((await collect(log.read())).map((record) => record.id)).toEqual(ids);
  });

  it('writes an id once that is handed in twice while another record is written', async () => {
    const log = openAuditLog(file);
    const results = await Promise.all(['a', 'b', 'c', 'b', 'a'].map((id) => log.append(auditRecord({ id }))));
    expect(results).toEqual(['appended', 'appended', 'appended', 'already-recorded', 'already-recorded']);
    expect((await collect(log.read())).map((record) => record.id)).toEqual(['a', 'b', 'c']);
    await expect(log.append(auditRecord({ id: 'c' }))).resolves.toBe('already-recorded');
  });

  it('refuses a record that is not valid and says where, and takes the next', async () => {
    const log = openAuditLog(file);
    const bad = { ...auditRecord(), latencyMs: -1, email: 'someone' } as AuditRecord;
    const error = await log.append(bad).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuditRecordInvalidError);
    expect(String(error)).toMatch(/latencyMs: .*email/s);
    expect(await log.append(auditRecord())).toBe('appended');
  });

  it('ends a torn line before it writes, and reports it when read', async () => {
    const log = openAuditLog(file);
    await log.append(auditRecord({ id: 'a' }));
    await appendFile(file, encodeRecord(auditRecord({ id: 'b' })).slice(0, 40));
    expect(await log.append(auditRecord({ id: 'b' }))).toBe('appended');
    const read = log.read();
    expect((await collect(read)).map((record) => record.id)).toEqual(['a', 'b']);
    expect(read.malformedLines).toBe(1);
    expect(await auditMetrics(readAuditLog(file))).toMatchObject({ total: 2, malformedLines: 1 });
  });

  it('loses nothing and doubles nothing, wherever a crash cuts the last line', async () => {
    const whole = `${encodeRecord(auditRecord({ id: 'a' }))}\n${encodeRecord(auditRecord({ id: 'Ä-ö' }))}\n`;
    const firstLine = whole.indexOf('\n') + 1;
    await openAuditLog(file).append(auditRecord());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: firstLine, max: Buffer.byteLength(whole) }), async (cut) => {
        await writeFile(file, Buffer.from(whole).subarray(0, cut));
        const log = openAuditLog(file);
        for (const id of ['a', 'Ä-ö', 'c']) await log.append(auditRecord({ id }));
        expect((await collect(log.read())).map((record) => record.id)).toEqual(['a', 'Ä-ö', 'c']);
      }),
      { numRuns: 40, examples: [[firstLine], [Buffer.byteLength(whole) - 1], [Buffer.byteLength(whole)]] },
    );
  });

  it('forgets what it knew when the file was rotated or cut', async () => {
    const log = openAuditLog(file);
    await log.append(auditRecord({ id: 'a' }));
    await rename(file, `${file}.1`);
    expect(await log.append(auditRecord({ id: 'a' }))).toBe('appended');
    await truncate(file, 0);
    expect(await log.append(auditRecord({ id: 'a' }))).toBe('appended');
    expect(await collect(log.read())).toHaveLength(1);
  });
});

describe('read', () => {
  it('is empty when there is no file', async () => {
    expect(await collect(readAuditLog(file))).toEqual([]);
  });

  it('skips and counts lines that are no records', async () => {
    await openAuditLog(file).append(auditRecord());
    await appendFile(file, '{"v":1}\nnot json\n\n[]\n');
    const read = readAuditLog(file);
    expect(await collect(read)).toEqual([auditRecord()]);
    expect(read.malformedLines).toBe(3);
  });

  it('says why when the file cannot be read', async () => {
    await expect(collect(readAuditLog(folder))).rejects.toThrow('EISDIR');
  });
});
