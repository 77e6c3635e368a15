import { describe, expect, it } from 'vitest';
import { parseGroupDefinition } from './group-definition.ts';
import type { ParsedDefinition } from './group-definition.ts';

const valid = {
  externalId: 'hris_1',
  displayName: 'Team_A',
  members: [{ id: 'u1', email: 'a@example.com' }, { id: 'u2' }],
};

function codes(parsed: ParsedDefinition): string[] {
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.path} ${issue.code}`);
}

describe('parseGroupDefinition', () => {
  it('accepts the smallest definition and keeps the order of members', () => {
    expect(parseGroupDefinition(valid)).toEqual({ ok: true, duplicatesDropped: 0, definition: valid });
  });

  it('reports every problem at once, each with a path and a code', () => {
    const parsed = parseGroupDefinition({
      externalId: ' x',
      displayName: 'Team A!',
      members: [{ id: 'u1', email: 'nobody' }, { id: '' }, { mail: 'x' }],
      color: 'red',
      extensions: { 'not a urn': {} },
    });
    expect(codes(parsed).sort()).toEqual(
      [
        '$.externalId invalid_characters',
        '$.displayName invalid_name',
        '$.members[0].email invalid_email',
        '$.members[1].id empty',
        '$.members[2].id required',
        '$.members[2].mail unknown_key',
        '$.color unknown_key',
        '$.extensions["not a urn"] invalid_urn',
      ].sort(),
    );
  });

  it.each([[null], [7], ['x'], [[]]])('refuses %j as a whole', (input) => {
    expect(codes(parseGroupDefinition(input))).toEqual(['$ invalid_type']);
  });

  it('drops duplicated members before it counts them', () => {
    const members = ['u1', 'u2', 'u1'].map((id) => ({ id }));
    const rules = { maxMembers: 2, namePattern: /^\w+$/u };
    const parsed = parseGroupDefinition({ ...valid, members }, rules);
    expect(parsed).toMatchObject({
      ok: true,
      duplicatesDropped: 1,
      definition: { members: [{ id: 'u1' }, { id: 'u2' }] },
    });
    expect(codes(parseGroupDefinition({ ...valid, members: [...members, { id: 'u3' }] }, rules))).toEqual([
      '$.members too_many_members',
    ]);
  });

  it('applies the name rule to the whole name, also where the pattern is not anchored', () => {
    const rules = { maxMembers: 500, namePattern: /[A-Z]+/u };
    expect(codes(parseGroupDefinition({ ...valid, displayName: 'ABc' }, rules))).toEqual([
      '$.displayName invalid_name',
    ]);
    expect(parseGroupDefinition({ ...valid, displayName: 'ABC' }, rules).ok).toBe(true);
  });

  it('allows 500 members and no more unless a setting says so', () => {
    const members = Array.from({ length: 501 }, (_, index) => ({ id: `u${index}` }));
    expect(parseGroupDefinition({ ...valid, members: members.slice(1) }).ok).toBe(true);
    expect(codes(parseGroupDefinition({ ...valid, members }))).toEqual(['$.members too_many_members']);
  });

  it('keeps extension data as it is', () => {
    const extensions = {
      'urn:example:params:scim:schemas:extension:hr:2.0:Group': { costCenter: '7', nested: { a: [1] } },
    };
    expect(parseGroupDefinition({ ...valid, extensions })).toMatchObject({ ok: true, definition: { extensions } });
  });
});
