import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimError, type GroupChange } from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import { applyInChunks } from './apply-in-chunks.ts';

const facts = { method: 'PATCH', url: 'https://api.example.com/groups/g' };

/** The one method of a target that is used, with a limit of members per request and members that it refuses. */
function targetWith(limit: number, bad: ReadonlySet<string> = new Set(), membersPerRequest = 500) {
  const sent: GroupChange[] = [];
  const versions: (string | undefined)[] = [];
  const members = new Set<string>();
  const target = {
    capabilities: { membersPerRequest, checksVersion: true },
    async change(_id: string, change: GroupChange, version?: string) {
      sent.push(change);
      versions.push(version);
      const ids = change.add ?? [];
      if (ids.length > limit) throw new ScimError('payload_too_large', { ...facts, status: 413 });
      if (ids.some((id) => bad.has(id))) throw new ScimError('request_refused', { ...facts, status: 400 });
      for (const id of ids) members.add(id);
    },
  };
  return { target: target as unknown as GroupTarget, sent, versions, members };
}

const group = { id: 'g', displayName: 'n', version: 'v1' };
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`);

describe('applyInChunks', () => {
  it('sends chunks of the known size, and the version with the first request only', async () => {
    const { target, sent, versions } = targetWith(50, new Set(), 50);
    expect(await applyInChunks(target, group, { externalId: 'e', add: ids(120) })).toBe(0);
    expect(sent.map(({ externalId, add }) => [externalId, add?.length])).toEqual([
      ['e', 50],
      [undefined, 50],
      [undefined, 20],
    ]);
    expect(versions).toEqual(['v1', undefined, undefined]);
  });

  it('learns an unknown limit, so that not every chunk is halved again', async () => {
    const { target, sent, members } = targetWith(60);
    expect(await applyInChunks(target, group, { add: ids(1000) })).toBe(0);
    expect(members.size).toBe(1000);
    // 31 requests to find it out, then 17; halving the second chunk too would make 62.
    expect(sent.length).toBeLessThan(50);
  });

  it('leaves out exactly the members that are refused alone, whatever the limit is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.nat(59)),
        async (limit, size, count, refused) => {
          const bad = new Set(refused.map((index) => `u${index}`));
          const { target, members } = targetWith(limit, bad, size);
          const wanted = ids(count);
          const left = await applyInChunks(target, group, { add: wanted });
          expect(left).toBe(wanted.filter((id) => bad.has(id)).length);
          expect([...members]).toEqual(wanted.filter((id) => !bad.has(id)));
        },
      ),
    );
  });

  it('sets the name although the member that came with it is refused, and says so if it is the name', async () => {
    const { target, sent } = targetWith(10, new Set(['u0']));
    expect(await applyInChunks(target, group, { displayName: 'x', add: ['u0'] })).toBe(1);
    expect(sent).toEqual([{ displayName: 'x', add: ['u0'] }, { displayName: 'x' }]);
    const refuses = targetWith(10);
    Object.assign(refuses.target, { change: () => Promise.reject(new ScimError('request_refused', facts)) });
    await expect(applyInChunks(refuses.target, group, { displayName: 'x', add: ['u0'] })).rejects.toMatchObject({
      code: 'request_refused',
    });
  });

  it('passes on what is no refusal of members', async () => {
    const { target } = targetWith(10);
    Object.assign(target, { change: () => Promise.reject(new ScimError('stale', facts)) });
    await expect(applyInChunks(target, group, { add: ['a'] })).rejects.toMatchObject({ code: 'stale' });
  });
});
