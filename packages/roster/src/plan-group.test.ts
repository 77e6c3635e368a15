import type { GroupDefinition, GroupResource } from '@scim-onboarding/scim-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseHeld } from './approval.ts';
import { driftOf } from './drift.ts';
import { summarize } from './group-summary.ts';
import { checkPlanState, planGroup, type FoundInTarget, type PlanGroupOptions } from './plan-group.ts';
import type { PlannedGroup } from './planned-group.ts';
import { holdRun, DEFAULT_REMOVAL_LIMITS } from './removal-limits.ts';
import { collect, planned as planOf } from '../test/support/plans.ts';

const ids = (count: number, prefix = 'u'): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(5, '0')}`);
const defined = (members: readonly string[], changes: Partial<GroupDefinition> = {}): GroupDefinition => ({
  externalId: 'e1',
  displayName: 'Sales',
  members: members.map((id) => ({ id })),
  ...changes,
});
const group = (memberIds: readonly string[], changes: Partial<GroupResource> = {}): GroupResource => ({
  id: 'g1',
  displayName: 'Sales',
  externalId: 'e1',
  version: '1',
  memberIds,
  ...changes,
});
const nothing: FoundInTarget = { byExternalId: [], byName: [] };
const ours = (resource: GroupResource): FoundInTarget => ({ byExternalId: [resource], byName: [] });
const UPDATE: PlanGroupOptions = { policy: 'update', allowRemovals: true };
const ADOPT: PlanGroupOptions = { policy: 'adopt', allowRemovals: false };
const { externalId: _none, ...unowned } = group(['u1', 'x']);

describe('planGroup', () => {
  it('creates what is not there', () => {
    expect(planGroup(defined(['b', 'a']), nothing, ADOPT)).toMatchObject({
      action: 'create',
      add: ['a', 'b'],
      remove: [],
    });
  });

  it.each([
    ['adopt', ours(group(['u1'])), 'unchanged', []],
    ['adopt', ours(group(['x'], { displayName: 'Other' })), 'adopt', ['u1']],
    ['update', ours(group(['u1'])), 'unchanged', []],
    ['update', ours(group([], { memberIds: [] })), 'update', ['u1']],
    ['fail', ours(group(['u1'])), 'conflict', []],
    ['adopt', { byExternalId: [], byName: [unowned] }, 'conflict', []],
    ['adopt-by-name', { byExternalId: [], byName: [unowned] }, 'adopt', []],
    ['adopt-by-name', { byExternalId: [], byName: [group([], { externalId: 'other' })] }, 'conflict', []],
    ['adopt-by-name', { byExternalId: [], byName: [unowned, { ...unowned, id: 'g2' }] }, 'conflict', []],
    ['adopt', { byExternalId: [group([]), group([], { id: 'g2' })], byName: [] }, 'conflict', []],
    ['adopt', { byExternalId: [group(['u1'])], byName: [group(['u1']), { ...unowned, id: 'g2' }] }, 'unchanged', []],
    [
      'update',
      { byExternalId: [group(['u1'], { displayName: 'Old' })], byName: [{ ...unowned, id: 'g2' }] },
      'conflict',
      [],
    ],
  ] as const)('decides under %s: %j is %s', (policy, found, action, add) => {
    const planned = planGroup(defined(['u1']), found, { policy, allowRemovals: true });
    expect(planned).toMatchObject({ action, add, remove: [] });
    expect(/g1|g2/u.test(planned.reason ?? '')).toBe(action === 'conflict');
  });

  it('renames and removes under update', () => {
    const found = ours(group([...ids(20), 'x'], { displayName: 'Old' }));
    expect(planGroup(defined([...ids(20), 'new']), found, UPDATE)).toMatchObject({
      action: 'update',
      groupId: 'g1',
      add: ['new'],
      remove: ['x'],
      kept: [],
      rename: { from: 'Old', to: 'Sales' },
      membersNow: 21,
    });
  });

  it('removes nobody without permission, under another policy, or if members are not known', () => {
    const found = ours(group(['u1', 'x', 'y']));
    for (const options of [{ ...UPDATE, allowRemovals: false }, ADOPT, { ...ADOPT, allowRemovals: true }]) {
      expect(planGroup(defined(['u1', 'u2']), found, options)).toMatchObject({
        add: ['u2'],
        remove: [],
        kept: ['x', 'y'],
      });
    }
    const { memberIds: _unknown, ...without } = group([]);
    expect(planGroup(defined(['u1']), ours(without), UPDATE)).toMatchObject({
      action: 'update',
      add: ['u1'],
      remove: [],
      reason: expect.stringMatching(/did not return members/u),
    });
  });

  it.each([
    ['an empty source (200 members, the source says none)', 200, [], UPDATE, 'empty-source'],
    ['an empty source without permission to remove', 200, [], { ...UPDATE, allowRemovals: false }, 'empty-source'],
    ['an empty source under adopt', 200, [], ADOPT, 'empty-source'],
    ['all replaced', 3, ['new'], UPDATE, 'group-limit'],
    ['more than half', 30, ids(14), UPDATE, 'group-limit'],
    ['half', 30, ids(15), UPDATE, undefined],
    ['more than the absolute limit', 3_000, ids(1_999), UPDATE, 'group-limit'],
    ['the absolute limit', 3_000, ids(2_000), UPDATE, undefined],
    ['ten of eleven', 11, ids(1), UPDATE, undefined],
    ['eleven of twelve', 12, ids(1), UPDATE, 'group-limit'],
    ['one, in a file that was not read wholly', 30, ids(29), { ...UPDATE, complete: false }, 'incomplete-source'],
    ['none, in a file that was not read wholly', 30, ids(31), { ...UPDATE, complete: false }, undefined],
  ] as const)('holds %s', (_name, before, after, options, hold) => {
    const planned = planGroup(defined(after), ours(group(ids(before))), options);
    expect(planned.hold).toBe(hold);
    expect(planned.action === 'held').toBe(hold !== undefined);
  });

  it('never removes a wanted member, and reaches the definition', () => {
    const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 30 });
    fc.assert(
      fc.property(some, some, fc.boolean(), (before, after, allowRemovals) => {
        const { add, remove, kept } = planGroup(defined(after), ours(group(before)), {
          policy: 'update',
          allowRemovals,
        });
        const result = new Set([...before, ...add].filter((id) => !remove.includes(id)));
        expect([...result].sort()).toEqual([...new Set([...after, ...kept])].sort());
        expect(remove.filter((id) => after.includes(id))).toEqual([]);
        expect(allowRemovals ? kept : remove).toEqual([]);
      }),
    );
  });
});

describe('checkPlanState', () => {
  const found = ours(group(['a', 'b']));
  const planned = planGroup(defined(['a']), found, UPDATE);

  it('does not mind the order of members', () => {
    expect(checkPlanState(planned, ours(group(['b', 'a'])))).toEqual({ current: true });
  });

  it.each([
    ['members', ours(group(['a', 'b', 'c'])), /was changed/u],
    ['version', ours(group(['a', 'b'], { version: '2' })), /was changed/u],
    ['name', ours(group(['a', 'b'], { displayName: 'X' })), /was changed/u],
    ['id', ours(group(['a', 'b'], { id: 'g9' })), /not found any more/u],
    ['nothing', nothing, /not found any more/u],
    ['another of that name', { ...found, byName: [group([], { id: 'g3' })] }, /was changed/u],
  ] as const)('sees a change of %s', (_name, now, message) => {
    expect(checkPlanState(planned, now)).toMatchObject({ current: false, message: expect.stringMatching(message) });
  });

  it('sees that a group to be created came to be', () => {
    const created = planGroup(defined([]), nothing, UPDATE);
    expect(checkPlanState(created, nothing)).toEqual({ current: true });
    expect(checkPlanState(created, found)).toMatchObject({ current: false });
  });
});

describe('limits of a run and approval', () => {
  const approvalOf = async (groups: readonly PlannedGroup[]): Promise<string> => (await planOf(groups)).approval;
  const lose = (key: string, before: number, removed: number) =>
    planGroup(
      defined(ids(before).slice(removed), { externalId: key }),
      ours(group(ids(before), { id: key, externalId: key })),
      UPDATE,
    );

  it('holds every group that loses members if all together lose more than a tenth', () => {
    const same = lose('same', 50, 0);
    const within = [lose('a', 50, 5), lose('b', 50, 5), same].map(summarize);
    expect(holdRun(within, DEFAULT_REMOVAL_LIMITS.run)).toEqual(within);
    const over = holdRun([lose('a', 50, 8), lose('b', 50, 8), same].map(summarize), DEFAULT_REMOVAL_LIMITS.run);
    expect(over.map(({ action, hold }) => [action, hold])).toEqual([
      ['held', 'run-limit'],
      ['held', 'run-limit'],
      ['unchanged', undefined],
    ]);
  });

  it('holds more than 1000 removals, whatever part that is', () => {
    const groups = Array.from({ length: 11 }, (_, at) => summarize(lose(`g${at}`, 2_000, at === 10 ? 1 : 100)));
    expect(holdRun(groups, DEFAULT_REMOVAL_LIMITS.run).every(({ hold }) => hold === 'run-limit')).toBe(true);
    expect(holdRun(groups.slice(0, 10), DEFAULT_REMOVAL_LIMITS.run).some(({ hold }) => hold !== undefined)).toBe(false);
  });

  it('releases what was approved, and only that', async () => {
    const groups = [lose('a', 40, 40), lose('b', 40, 30), lose('c', 40, 2)];
    const plan = await planOf(groups);
    expect(plan.summaries.map(({ action }) => action)).toEqual(['held', 'held', 'update']);
    const released = releaseHeld(plan, plan.approval);
    expect(released.summaries.map(({ action, hold, remove }) => [action, hold, remove])).toEqual([
      ['update', undefined, 40],
      ['update', undefined, 30],
      ['update', undefined, 2],
    ]);
    expect(released.totals).toMatchObject({ byAction: { update: 3, held: 0 }, remove: 72, heldRemovals: 0 });
    const read = await collect(released.groups());
    expect(read.map(({ action, hold, reason, remove }) => [action, hold, reason, remove])).toEqual(
      groups.map(({ remove }) => ['update', undefined, undefined, remove]),
    );
    const more = await planOf([lose('a', 40, 40), lose('b', 40, 31), lose('c', 40, 2)]);
    expect(() => releaseHeld(more, plan.approval)).toThrow(/other removals/u);
    const [first, ...rest] = groups;
    const edited = await planOf([{ ...lose('a', 40, 40), remove: first?.remove.slice(1) ?? [] }, ...rest]);
    expect(() => releaseHeld(edited, plan.approval)).toThrow(/other removals/u);
  });

  it('does not bind the approval to groups that only gain members', async () => {
    const gains = planGroup(defined(['u1']), nothing, UPDATE);
    expect(await approvalOf([lose('a', 40, 30), gains])).toBe(await approvalOf([lose('a', 40, 30)]));
  });

  it('does not release groups of a file that was not read wholly', async () => {
    const held = planGroup(defined(ids(5)), ours(group(ids(6))), { ...UPDATE, complete: false });
    const plan = await planOf([held]);
    expect(await collect(releaseHeld(plan, plan.approval).groups())).toEqual([held]);
  });
});

describe('driftOf', () => {
  it('says nothing where nothing differs', () => {
    expect(driftOf(planGroup(defined(['a']), ours(group(['a'])), ADOPT))).toEqual([]);
  });

  it('says what differs, also what the policy leaves', () => {
    const found = ours(group(['u00000', 'x'], { displayName: 'Old' }));
    expect(driftOf(planGroup(defined(ids(30)), found, { policy: 'update', allowRemovals: false }))).toEqual([
      '"Sales" (e1), group g1: is named "Old" in the target, "Sales" in the roster',
      expect.stringMatching(/lacks 29 members: u00001, .* and 9 more$/u),
      '"Sales" (e1), group g1: the target has 1 member more: x',
    ]);
    expect(driftOf(planGroup(defined(['a']), nothing, ADOPT))).toEqual([
      '"Sales" (e1): is not in the target; the roster has 1 member',
    ]);
    expect(driftOf(planGroup(defined(['a']), ours(group(['a'])), { ...ADOPT, policy: 'fail' }))).toHaveLength(1);
  });
});
