import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionDigest } from './digest.ts';

const base = {
  externalId: 'e',
  displayName: 'n',
  members: [{ id: 'u1', email: 'a@b.example' }, { id: 'u2' }],
  roles: ['a', 'b'],
};

describe('definitionDigest', () => {
  it('does not depend on the order of keys, members and roles, or on duplicates', () => {
    const other = {
      roles: ['b', 'a', 'a'],
      members: [{ id: 'u2' }, { email: 'a@b.example', id: 'u1' }, { id: 'u2' }],
      displayName: 'n',
      externalId: 'e',
      description: undefined,
    };
    expect(definitionDigest(other)).toBe(definitionDigest(base));
  });

  it('differs when any part does', () => {
    const changes = [
      { externalId: 'x' },
      { displayName: 'x' },
      { members: [{ id: 'u1' }] },
      { roles: ['a'] },
      { description: '' },
      { parentExternalId: 'p' },
      { extensions: { 'urn:a:b': { c: 1 } } },
    ];
    const digests = changes.map((change) => definitionDigest({ ...base, ...change }));
    expect(new Set([...digests, definitionDigest(base)]).size).toBe(changes.length + 1);
  });

  it('is the same for any order of members', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), (ids) => {
        const members = ids.map((id) => ({ id }));
        expect(definitionDigest({ ...base, members: [...members].reverse() })).toBe(
          definitionDigest({ ...base, members }),
        );
      }),
    );
  });
});
