import { randomBytes } from 'node:crypto';
import { DEFAULT_RULES } from '@scim-onboarding/scim-core';
import { describe, expect, it } from 'vitest';
import { InvalidGroupDefinitionError } from './errors.ts';
import { checkedDefinition } from './start.ts';

describe('checkedDefinition', () => {
  it('reports all problems with their paths', () => {
    expect(() => checkedDefinition({ externalId: '', displayName: 'a b', members: [{}] }, DEFAULT_RULES)).toThrow(
      expect.objectContaining({
        name: InvalidGroupDefinitionError.name,
        issues: ['$.externalId', '$.members[0].id', '$.displayName'].map((path) => expect.objectContaining({ path })),
      }),
    );
  });

  it('refuses a definition that Temporal would not take, before it is sent', () => {
    const members = Array.from({ length: 50_000 }, () => ({ id: randomBytes(40).toString('hex') }));
    const definition = { externalId: 'g1', displayName: 'Big', members };
    expect(() => checkedDefinition(definition, { ...DEFAULT_RULES, maxMembers: 50_000 })).toThrow(
      /Temporal takes at most/u,
    );
  });

  it('refuses an extension that is nested too deeply to be encoded', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    const definition = { externalId: 'g1', displayName: 'A', members: [], extensions: { 'urn:example:x': { deep } } };
    expect(() => checkedDefinition(definition, DEFAULT_RULES)).toThrow(/nested more than 50 levels/u);
  });

  it('drops duplicates and counts them', () => {
    const checked = checkedDefinition(
      { externalId: 'g1', displayName: 'A', members: [{ id: 'u' }, { id: 'u' }] },
      DEFAULT_RULES,
    );
    expect(checked.duplicatesDropped).toBe(1);
    expect(checked.definition.members).toEqual([{ id: 'u' }]);
    expect(checked.wire).toEqual(checked.definition);
  });
});
