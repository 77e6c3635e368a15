import { describe, expect, it } from 'vitest';
import { digestedSource, digestOf } from './digest.ts';
import { estimatePlan } from './estimate.ts';
import { parsePlanDocument, planDocument, planTotals } from './plan-document.ts';
import { planGroup } from './plan-group.ts';
import { DEFAULT_REMOVAL_LIMITS } from './removal-limits.ts';

const digest = digestOf('file');
const found = {
  byExternalId: [{ id: 'g', displayName: 'Old', externalId: 'a', memberIds: ['1', '2', '3'] }],
  byName: [],
};
const options = { policy: 'update', allowRemovals: true } as const;
const groups = [
  planGroup({ externalId: 'b', displayName: 'B', members: [{ id: '1' }] }, { byExternalId: [], byName: [] }, options),
  planGroup({ externalId: 'a', displayName: 'A', members: [{ id: '1' }, { id: '4' }] }, found, options),
  planGroup({ externalId: 'c', displayName: 'C', members: [] }, found, options),
];
const plan = planDocument({
  createdAt: '2026-01-01T00:00:00.000Z',
  roster: { file: 'r.csv', digest, groups: 3 },
  target: { name: 'scim' },
  options: { tenant: 'default', ...options, limits: DEFAULT_REMOVAL_LIMITS },
  groups,
});
const copy = (): typeof plan => structuredClone(plan);

describe('planDocument', () => {
  it('counts what is done, and apart from it what is held', () => {
    expect(planTotals(groups)).toEqual({
      groups: 3,
      byAction: { create: 1, adopt: 0, update: 1, unchanged: 0, conflict: 0, held: 1 },
      add: 2,
      remove: 2,
      renames: 1,
      heldRemovals: 3,
      kept: 0,
    });
  });

  it('comes back from a file as it was', () => {
    expect(parsePlanDocument(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan.groups.map(({ externalId }) => externalId)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a plan that was changed', () => {
    expect(() => parsePlanDocument({ ...copy(), options: { ...plan.options, policy: 'adopt' } })).toThrow(
      /was changed/u,
    );
    expect(() => parsePlanDocument({ ...copy(), totals: { ...plan.totals, remove: 0 } })).toThrow(/was changed/u);
    const [first, ...rest] = copy().groups;
    expect(() => parsePlanDocument({ ...plan, groups: [{ ...first, remove: ['9'] }, ...rest] })).toThrow(
      /was changed/u,
    );
  });

  it('refuses what is not a plan, and says where', () => {
    expect(() => parsePlanDocument({ ...copy(), version: 2 })).toThrow(/version/u);
    expect(() => parsePlanDocument({ ...copy(), more: 1 })).toThrow(/more/u);
  });
});

describe('digestedSource', () => {
  it('gives the digest of the whole file', async () => {
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('ab');
      yield Buffer.from('c');
    }
    const { source, digest: made } = digestedSource(parts());
    for await (const part of source) expect(part.length).toBeGreaterThan(0);
    expect(made()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('estimatePlan', () => {
  const make = (action: 'create' | 'update' | 'unchanged' | 'held', add: number, remove = 0) => ({
    action,
    add: Array.from({ length: add }, (_, index) => String(index)),
    remove: Array.from({ length: remove }, (_, index) => String(index)),
  });
  const all = [make('create', 151), make('update', 51, 1), make('update', 0), make('unchanged', 0), make('held', 99)];

  it('counts creates, chunks of members and users, and nothing for groups that are left alone', () => {
    const target = { membersOnCreate: 100, membersPerRequest: 50, externalIdOnCreate: true };
    expect(estimatePlan({ groups: all, target, requestsPerMinute: 60 })).toEqual({
      requests: 3 + 3 + 1 + 2,
      seconds: 9,
    });
  });

  it('counts the request that sets the externalId, where the create request cannot', () => {
    const target = { membersOnCreate: 0, membersPerRequest: 50, externalIdOnCreate: false };
    const groups = [make('create', 100), make('create', 0)];
    expect(estimatePlan({ groups, target, requestsPerMinute: 300 }).requests).toBe(3 + 2 + 1);
  });
});
