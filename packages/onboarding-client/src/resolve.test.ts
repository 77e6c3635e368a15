import { describe, expect, it } from 'vitest';
import { updateIdOf } from './resolve.ts';

const definition = { externalId: 'g', displayName: 'n', members: [] };

describe('updateIdOf', () => {
  it('is the same for two people who decide the same about one block', () => {
    expect(updateIdOf({ action: 'retry', by: 'ann', block: 2 }, 2)).toBe('2:retry');
    expect(updateIdOf({ action: 'retry', by: 'ben' }, 2)).toBe('2:retry');
    expect(updateIdOf({ action: 'abort', compensate: false }, undefined)).toBe('0:abort');
  });

  it('differs as soon as anything in the decision does', () => {
    const ids = [
      updateIdOf({ action: 'retry' }, 1),
      updateIdOf({ action: 'retry' }, 2),
      updateIdOf({ action: 'retry', allowRemovals: true }, 1),
      updateIdOf({ action: 'retry', definition }, 1),
      updateIdOf({ action: 'retry', definition: { ...definition, displayName: 'm' } }, 1),
      updateIdOf({ action: 'skip' }, 1),
      updateIdOf({ action: 'adopt', groupId: 'a' }, 1),
      updateIdOf({ action: 'adopt', groupId: 'b' }, 1),
      updateIdOf({ action: 'abort' }, 1),
      updateIdOf({ action: 'abort', compensate: true }, 1),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
