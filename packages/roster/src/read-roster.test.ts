import { DEFAULT_RULES, type GroupDefinition } from '@scim-onboarding/scim-core';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRoster } from './read-roster.ts';
import type { RosterItem, RosterOptions, RosterProblem } from './roster-item.ts';

const ANY_NAME = { ...DEFAULT_RULES, namePattern: /^[^]+$/u };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gives the bytes in pieces, so that every boundary is met. */
async function* pieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(input: string | Uint8Array, options: Partial<RosterOptions> = {}): Promise<RosterItem[]> {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const items: RosterItem[] = [];
  const all = { format: 'auto', fileName: 'r.csv', rules: ANY_NAME, tmpFolder: folder, ...options } as const;
  for await (const item of readRoster(pieces(bytes), all)) items.push(item);
  return items;
}

const groupsOf = (items: readonly RosterItem[]): GroupDefinition[] =>
  items
    .flatMap((item) => (item.kind === 'group' ? item.definition : []))
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
const problemsOf = (items: readonly RosterItem[]): RosterProblem[] =>
  items.flatMap((item) => (item.kind === 'problem' ? item.problem : []));
const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

const SALES = { externalId: 't1', displayName: 'Sales', members: [{ id: 'u1', email: 'a@b.example' }, { id: 'u2' }] };

describe('CSV', () => {
  it.each([
    ['comma', 'externalId,displayName,memberId,email\nt1,Sales,u1,a@b.example\nt1,Sales,u2,\n'],
    ['semicolon, CRLF, no end', 'Team ID;Team;User_ID;Work Email\r\nt1;Sales;u1;a@b.example\r\nt1;Sales;u2;'],
    [
      'tab, blank lines',
      '\nDepartment Code\tDepartment\tGenesys ID\tE-Mail\n\nt1\tSales\tu1\ta@b.example\nt1\tSales\tu2\t\n',
    ],
    ['sep line', 'sep=;\r\ngroup_id;group;genesys_id;email\r\nt1;Sales;u1;a@b.example\r\nt1;;u2;\r\n'],
    ['spaces and quotes', '"externalId", displayName,memberId,email\nt1, Sales ,u1,a@b.example\n t1 ,"Sales",u2,\n'],
    ['empty cells at the end', 'externalId,displayName,memberId,email,,\nt1,Sales,u1,a@b.example,,\nt1,Sales,u2,,,\n'],
  ])('reads one row a membership: %s', async (_name, text) => {
    const items = await read(text);
    expect(problemsOf(items)).toEqual([]);
    expect(groupsOf(items)).toEqual([SALES]);
  });

  it.each([
    ['UTF-8 with a mark', new TextEncoder().encode('\uFEFFexternalId,displayName,memberId\nt1,Bürö 東,u1\n')],
    ['UTF-16LE', utf16('externalId,displayName,memberId\nt1,Bürö 東,u1\n', false)],
    ['UTF-16BE', utf16('externalId,displayName,memberId\nt1,Bürö 東,u1\n', true)],
    ['UTF-16LE without a mark', utf16('externalId,displayName,memberId\nt1,Bürö 東,u1\n', false).subarray(2)],
  ])('decodes %s', async (_name, bytes) => {
    expect(groupsOf(await read(bytes))).toEqual([
      { externalId: 't1', displayName: 'Bürö 東', members: [{ id: 'u1' }] },
    ]);
  });

  it('names the line of a byte that is not UTF-8', async () => {
    const bytes = Buffer.from('externalId,displayName,memberId\nt1,B\xfcro,u1\n', 'latin1');
    expect(problemsOf(await read(bytes))).toEqual([expect.objectContaining({ row: 2, code: 'invalid_encoding' })]);
  });

  it('reads members in a column, and finds what separates them', async () => {
    const text = 'externalId,displayName,members,roles\nt1,A,u1;u2;u1,\nt2,B,,\nt3,C,u3; u4,x;y\n';
    expect(groupsOf(await read(text))).toEqual([
      { externalId: 't1', displayName: 'A', members: [{ id: 'u1' }, { id: 'u2' }] },
      { externalId: 't2', displayName: 'B', members: [] },
      { externalId: 't3', displayName: 'C', members: [{ id: 'u3' }, { id: 'u4' }], roles: ['x', 'y'] },
    ]);
    expect(groupsOf(await read(text.replaceAll(';', '|')))).toEqual(groupsOf(await read(text)));
    const mixed = await read('externalId,displayName,members\nt1,A,u1;u2\nt2,B,u3|u4\n');
    expect(problemsOf(mixed)).toEqual([
      expect.objectContaining({ row: 3, column: 'members', code: 'mixed_separators' }),
    ]);
    expect(groupsOf(mixed).map(({ externalId }) => externalId)).toEqual(['t1']);
    const given = await read('externalId,displayName,members\nt1,A,u1;x/u2\n', { memberSeparator: '/' });
    expect(groupsOf(given)[0]?.members).toEqual([{ id: 'u1;x' }, { id: 'u2' }]);
  });

  it('uses a map of columns, and says which columns it does not use', async () => {
    const map = { externalId: 'Key', displayName: 'Label', memberId: 'Person' };
    const items = await read('key,LABEL,Person,Group ID,Phone\nt1,Sales,u1,z,0\n', { map });
    expect(groupsOf(items)).toEqual([{ externalId: 't1', displayName: 'Sales', members: [{ id: 'u1' }] }]);
    expect(items[0]).toMatchObject({ kind: 'notice', notice: { columns: ['Group ID', 'Phone'] } });
  });

  it('reports missing columns once', async () => {
    const problems = problemsOf(await read('name,employee_id\na,b\nc,d\n', { map: { displayName: 'nope' } }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ row: 1, code: 'missing_column' });
    expect(problems[0]?.message).toMatch(/"nope".*externalId.*memberId or members.*"employee_id"/u);
  });

  it('names row and column of each problem, and leaves such groups out', async () => {
    const items = await read(
      [
        'externalId,displayName,user_id,Work Email',
        't1,Sales,u1,not-an-email',
        't2,Support,u2,',
        't2,Service,u3,',
        't3,"two\nlines",u4,',
        't4,Fine,u5,',
        't5,Gone,,x@y.example',
        ',Nobody,u6,',
      ].join('\n'),
    );
    const problems = problemsOf(items);
    expect(problems.map(({ row, column, code }) => `${row} ${column} ${code}`).sort()).toEqual([
      '2 Work Email invalid_email',
      '4 displayName conflicting_value',
      '5 displayName invalid_characters',
      '8 user_id required',
      '9 externalId required',
    ]);
    expect(problems.find(({ row }) => row === 4)?.message).toMatch(/row 4.*row 3/u);
    expect(groupsOf(items).map(({ externalId }) => externalId)).toEqual(['t4']);
    // The row without a group may be a member of any.
    expect(items.find((item) => item.kind === 'group')).toMatchObject({ complete: false, source: { row: 7 } });
  });

  it('reads nothing after an error of syntax, and gives no group', async () => {
    for (const [text, row] of [
      ['externalId,displayName,memberId\nt1,A,u1\nt2,"B,u2\nt3,C,u3\n', 4],
      ['externalId,displayName,memberId\nt1,A,u1\nt2,"B"x,u2\n', 3],
      ['externalId,displayName,memberId\nt1,A,u1\nt2,B"x,u2\n', 3],
    ] as const) {
      const items = await read(text);
      expect(groupsOf(items)).toEqual([]);
      expect(problemsOf(items)[0]).toMatchObject({ code: 'invalid_csv' });
      expect(Math.abs((problemsOf(items)[0]?.row ?? 0) - row), text).toBeLessThanOrEqual(1);
    }
  });

  it('does not shift values of a row that is too wide', async () => {
    const items = await read('externalId,displayName,memberId\nt1,Sales, North,u1\nt2,B,u2\n');
    expect(problemsOf(items)).toEqual([expect.objectContaining({ row: 2, code: 'wrong_width' })]);
    expect(groupsOf(items).map(({ externalId }) => externalId)).toEqual(['t2']);
  });

  it('says that a file is empty', async () => {
    for (const fileName of ['a.csv', 'a.json', 'a.ndjson', 'a']) {
      expect(problemsOf(await read('', { fileName }))).toEqual([expect.objectContaining({ code: 'empty_file' })]);
    }
  });
});

// eslint-disable-next-line no-control-regex -- what a definition refuses
const isText = (value: string): boolean => value.trim() === value && !/[\u0000-\u001f\u007f]/u.test(value);
const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter(isText);
const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
const definitions = fc.uniqueArray(
  fc.record({
    externalId: word,
    displayName: word,
    description: fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constant('a\r\nb'),
      fc.constant('\nx\n\n'),
      fc.constant('a\rb\r\r\nc'),
    ),
    members: fc.uniqueArray(fc.record({ id: word }), { minLength: 1, maxLength: 6, selector: ({ id }) => id }),
  }),
  { maxLength: 8, selector: ({ externalId }) => externalId },
);

describe('CSV, for any text', () => {
  it('reads back what was written, in any delimiter, and knows the lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        definitions,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        async (groups, sign, end) => {
          let text = ['externalId', 'displayName', 'description', 'memberId'].join(sign) + end;
          const rows = new Map<string, number>();
          for (const group of groups) {
            for (const { id } of group.members) {
              if (!rows.has(group.externalId)) rows.set(group.externalId, text.split(/\r\n|\n|\r/u).length);
              text += [group.externalId, group.displayName, group.description, id].map(quote).join(sign) + end;
            }
          }
          const items = await read(text);
          expect(problemsOf(items)).toEqual([]);
          expect(groupsOf(items)).toEqual([...groups].sort((a, b) => (a.externalId < b.externalId ? -1 : 1)));
          const found = items.flatMap((item) =>
            item.kind === 'group' ? [[item.definition.externalId, item.source.row] as const] : [],
          );
          expect(new Map(found)).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gathers scattered rows as sorted ones, also through temporary files, which are gone afterwards', async () => {
    const shuffled = definitions.chain((groups) =>
      fc.record({
        rows: fc.constant(
          groups.flatMap((group) => group.members.map(({ id }) => [group.externalId, group.displayName, id])),
        ),
        keys: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ rows, keys }) => {
        const write = (list: readonly (readonly string[])[]): string =>
          ['externalId,displayName,memberId', ...list.map((row) => row.map(quote).join(','))].join('\n');
        const scattered = rows
          .map((row, at) => ({ row, key: keys[at] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        const byId = (list: readonly GroupDefinition[]): unknown =>
          list.map((group) => ({ ...group, members: group.members.map(({ id }) => id).sort() }));
        const expected = byId(groupsOf(await read(write(rows))));
        expect(byId(groupsOf(await read(write(scattered), { memoryLimit: 50 })))).toEqual(expected);
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('removes its temporary files when the source fails and when the reader stops early', async () => {
    const rows = Array.from({ length: 50 }, (_, at) => `t${at},G${at},u${at}\n`).join('');
    const text = new TextEncoder().encode(`externalId,displayName,memberId\n${rows}`);
    const options = { format: 'csv', fileName: 'r.csv', rules: ANY_NAME, tmpFolder: folder, memoryLimit: 10 } as const;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield text;
      // Long enough for the rows before to have been written.
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await readdir(folder)).toHaveLength(1);
      throw new Error('disk gone');
    }
    await expect(drain(readRoster(broken(), options))).rejects.toThrow('disk gone');
    expect(await readdir(folder)).toEqual([]);
    for await (const item of readRoster(pieces(text), options)) if (item.kind === 'group') break;
    expect(await readdir(folder)).toEqual([]);
  });
});

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) void item;
}

describe('JSON', () => {
  const json = JSON.stringify([SALES, { ...SALES, externalId: 't2', description: 'a ]}"\\ \u2028 b' }], undefined, 1);

  it.each([
    ['array', json, 'a.json'],
    ['object', `{"v": {"groups": [1, "]"]}, "n": 1 , "groups": ${json}, "x": null}`, 'a.json'],
    ['object, by what it begins with', `  {"groups": ${json}}`, 'roster'],
    ['array, by what it begins with', json, 'roster'],
    [
      'lines',
      JSON.parse(json)
        .map((group: unknown) => JSON.stringify(group))
        .join('\r\n\n'),
      'a.jsonl',
    ],
    [
      'lines, by what they begin with',
      JSON.parse(json)
        .map((group: unknown) => JSON.stringify(group))
        .join('\n'),
      'r',
    ],
  ])('reads %s', async (_name, text, fileName) => {
    const items = await read(text, { fileName });
    expect(problemsOf(items)).toEqual([]);
    expect(groupsOf(items).map(({ description }) => description)).toEqual([undefined, 'a ]}"\\ \u2028 b']);
  });

  it('splits any array as JSON.parse does', async () => {
    const groups = fc.array(
      fc.record({ externalId: word, displayName: word, description: fc.string(), members: fc.constant([]) }),
    );
    await fc.assert(
      fc.asyncProperty(groups, fc.constantFrom(0, 1, '\t'), async (list, indent) => {
        const items = await read(JSON.stringify(list, undefined, indent), { fileName: 'a.json' });
        const first = new Map([...list].reverse().map((group) => [group.externalId, group]));
        expect(groupsOf(items)).toEqual([...first.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1)));
        expect(problemsOf(items)).toHaveLength(list.length - first.size);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['[{"externalId":"a","displayName":"A","members":[{"id":1}]}]', 1, '$[0].members[0].id', 'invalid_type'],
    ['{\n"groups": [\n{"externalId":"a","members":[]}]}', 3, '$.groups[0].displayName', 'required'],
    ['[\n{"externalId":"a",}\n]', 2, '$[0]', 'invalid_json'],
    ['[1,]', 1, '$[1]', 'invalid_json'],
    ['[\n', 2, '$', 'invalid_json'],
    ['[] x', 1, '$', 'invalid_json'],
    ['{"group": []}', 1, '$.groups', 'invalid_json'],
    ['{"groups": {}}', 1, '$.groups', 'invalid_json'],
    ['"text"', 1, '$', 'invalid_json'],
  ])('names the line and the path in %j', async (text, row, where, code) => {
    expect(problemsOf(await read(text, { fileName: 'a.json' }))).toContainEqual(
      expect.objectContaining({ row, path: where, code }),
    );
  });

  it('names both rows of a group that stands there twice', async () => {
    const line = JSON.stringify(SALES);
    const items = await read(`${line}\n\n${line}\nno json\n`, { fileName: 'a.ndjson' });
    expect(groupsOf(items)).toEqual([SALES]);
    expect(problemsOf(items)).toEqual([
      expect.objectContaining({ row: 3, code: 'duplicate_group', message: expect.stringMatching(/row 1 .*row 3/u) }),
      expect.objectContaining({ row: 4, path: '$', code: 'invalid_json' }),
    ]);
  });

  it('refuses an element that is too large, and goes on behind it', async () => {
    const large = JSON.stringify({ ...SALES, externalId: 'big', description: 'x'.repeat(17 * 1024 * 1024) });
    const options = { format: 'auto', rules: ANY_NAME } as const;
    for (const [fileName, text] of [
      ['a.json', `[${large},\n${JSON.stringify(SALES)}]`],
      ['a.ndjson', `${large}\n${JSON.stringify(SALES)}`],
    ] as const) {
      const items: RosterItem[] = [];
      const bytes = pieces(new TextEncoder().encode(text), 65_536);
      for await (const item of readRoster(bytes, { ...options, fileName })) items.push(item);
      expect(problemsOf(items)).toEqual([expect.objectContaining({ row: 1, code: 'too_large' })]);
      expect(groupsOf(items)).toEqual([SALES]);
    }
  });
});
