import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberCount } from './input.ts';
import { packDefinition, unpackDefinition } from './wire-definition.ts';

const withMembers = (members: readonly { id: string; email?: string }[]) => ({
  externalId: 'e',
  displayName: 'n',
  members,
});

describe('packDefinition', () => {
  it('leaves a small definition readable', () => {
    const small = withMembers([{ id: 'u1', email: 'a@b.example' }]);
    expect(packDefinition(small)).toBe(small);
  });

  it('loses nothing, whatever ids and e-mails hold', () => {
    const member = fc.record({ id: fc.string({ minLength: 1 }), email: fc.string() }, { requiredKeys: ['id'] });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 5 }), (few) => {
        const definition = withMembers(
          Array.from({ length: 4000 }, (_, index) => few[index % few.length] ?? { id: 'x' }),
        );
        const packed = packDefinition(definition);
        expect(memberCount(packed)).toBe(4000);
        expect(unpackDefinition(packed)).toEqual(definition);
      }),
      { numRuns: 20 },
    );
  });

  it('fits 50 000 members into one payload of Temporal', () => {
    const members = Array.from({ length: 50_000 }, () => ({ id: randomUUID() }));
    const bytes = JSON.stringify(packDefinition(withMembers(members))).length;
    expect(bytes).toBeLessThan(2 * 1024 * 1024 - 64 * 1024);
  });

  it('refuses a bomb and a wrong count', () => {
    const packed = packDefinition(
      withMembers(Array.from({ length: 3000 }, (_, index) => ({ id: `${index}-${'x'.repeat(40)}` }))),
    );
    const { members } = packed;
    if (!('gzip' in members)) throw new Error('not packed');
    expect(() => unpackDefinition({ ...packed, members: { ...members, count: 2999 } })).toThrow('instead of');
  });
});
