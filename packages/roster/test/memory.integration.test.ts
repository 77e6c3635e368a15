import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Reads generated rows in a process of its own, whose heap is its own, and answers what was read and how the heap grew. */
const PROGRAM = `
import { readRoster } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
const [rows, groups] = process.argv.slice(1).map(Number);
async function* source() {
  const encoder = new TextEncoder();
  yield encoder.encode('externalId,displayName,memberId,email\\n');
  for (let row = 0; row < rows; row += 1000) {
    let text = '';
    for (let at = row; at < row + 1000; at += 1) {
      const group = at % groups;
      text += 'team-' + group + ',Team-' + group + ',00000000-0000-4000-8000-' + String(at).padStart(12, '0') + ',member' + at + '@example.com\\n';
    }
    yield encoder.encode(text);
  }
}
gc();
const before = process.memoryUsage().heapUsed;
let most = 0;
const watch = () => { gc(); most = Math.max(most, process.memoryUsage().heapUsed - before); };
async function* watched() { let n = 0; for await (const part of source()) { if (n++ % 20 === 0) watch(); yield part; } }
let count = 0, members = 0, problems = 0;
const rules = { maxMembers: 50_000, namePattern: /^[^]+$/u };
for await (const item of readRoster(watched(), { format: 'csv', fileName: 'x.csv', rules })) {
  if (item.kind === 'problem') problems += 1;
  if (item.kind !== 'group') continue;
  count += 1;
  members += item.definition.members.length;
  if (count % 200 === 0) watch();
}
console.log(JSON.stringify({ count, members, problems, growth: most }));
`;

async function measure(rows: number, groups: number) {
  const args = ['--expose-gc', '--input-type=module', '-e', PROGRAM, String(rows), String(groups)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return JSON.parse(output) as { count: number; members: number; problems: number; growth: number };
}

describe('memory', () => {
  it('does not grow with the file', { timeout: 90_000 }, async () => {
    const large = await measure(200_000, 2_000);
    expect(large).toMatchObject({ count: 2_000, members: 200_000, problems: 0 });
    expect(large.growth).toBeLessThan(60 * 1024 * 1024);
    const larger = await measure(400_000, 2_000);
    expect(larger.members).toBe(400_000);
    expect(larger.growth).toBeLessThan(60 * 1024 * 1024);
  });
});
