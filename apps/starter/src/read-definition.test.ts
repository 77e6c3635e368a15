import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INPUT_LIMITS } from '@scim-onboarding/scim-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefinition } from './read-definition.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onboard-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* bytes(...chunks: (Buffer | string)[]) {
  yield* chunks;
}

async function fileWith(content: Buffer | string): Promise<string> {
  const path = join(folder, 'definition.json');
  await writeFile(path, content);
  return path;
}

describe('readDefinition', () => {
  it('reads a file, with or without a byte order mark', async () => {
    expect(await readDefinition(await fileWith('{"a":"ä"}'), bytes())).toEqual({ a: 'ä' });
    expect(await readDefinition(await fileWith('\ufeff{"a":1}'), bytes())).toEqual({ a: 1 });
  });

  it('reads stdin, also when a character is cut between chunks', async () => {
    const text = Buffer.from('{"a":"ä"}');
    expect(await readDefinition('-', bytes(text.subarray(0, 7), text.subarray(7)))).toEqual({ a: 'ä' });
  });

  it('names file, line and column of what is not JSON', async () => {
    const path = await fileWith('{\n  "a": 1,\n}');
    await expect(readDefinition(path, bytes())).rejects.toMatchObject({
      exitCode: 2,
      report: { type: 'InvalidJson', message: `${path}:3:1: this is not JSON: "}" cannot stand here.` },
    });
    await expect(readDefinition('-', bytes('{"a":'))).rejects.toMatchObject({
      report: { message: '(stdin):1:6: this is not JSON: the text ends here, too early.' },
    });
  });

  it.each([
    ['EmptyInput', () => bytes()],
    ['EmptyInput', () => bytes(' \n')],
    ['InvalidEncoding', () => bytes(Buffer.from([0x22, 0xff, 0x22]))],
    ['InputTooLarge', () => bytes(Buffer.alloc(INPUT_LIMITS.bytes, ' '), 'x')],
  ])('refuses %s', async (type, stdin) => {
    await expect(readDefinition('-', stdin())).rejects.toMatchObject({ exitCode: 2, report: { type } });
  });

  it.each(['no-such-file.json', '.'])('says that %s cannot be read', async (name) => {
    await expect(readDefinition(join(folder, name), bytes())).rejects.toMatchObject({
      exitCode: 2,
      report: { type: 'UnreadableInput' },
    });
  });
});
