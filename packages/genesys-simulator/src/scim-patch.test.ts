import { describe, expect, it } from 'vitest';
import type { GroupFields } from './directory.ts';
import { applyPatch, countMemberValues, patchRequestSchema, type PatchOperation } from './scim-patch.ts';
import { GROUP_URN, PATCH_OP_URN } from './urns.ts';

const EXTENSION = 'urn:example:params:scim:schemas:extension:acme:2.0:Group';
const group: GroupFields = { displayName: 'Team', externalId: 'e-1', members: ['u-1', 'u-2'], extensions: {} };
const patch = (...operations: PatchOperation[]): GroupFields => applyPatch(group, operations);
const values = (...ids: string[]): { value: string }[] => ids.map((value) => ({ value }));

describe('applyPatch on members', () => {
  it.each<[string, PatchOperation, string[]]>([
    ['add is a union', { op: 'add', path: 'members', value: values('u-2', 'u-3', 'u-3') }, ['u-1', 'u-2', 'u-3']],
    ['add takes one object', { op: 'add', path: 'members', value: { value: 'u-3' } }, ['u-1', 'u-2', 'u-3']],
    ['add without a path', { op: 'add', value: { members: values('u-3') } }, ['u-1', 'u-2', 'u-3']],
    [
      'path with the core URN',
      { op: 'add', path: `${GROUP_URN}:Members`, value: values('u-3') },
      ['u-1', 'u-2', 'u-3'],
    ],
    ['replace', { op: 'replace', path: 'members', value: values('u-9', 'u-9') }, ['u-9']],
    ['replace without a path', { op: 'replace', value: { members: [] } }, []],
    ['replace one', { op: 'replace', path: 'members[value eq "u-1"]', value: { value: 'u-9' } }, ['u-2', 'u-9']],
    ['remove one', { op: 'remove', path: 'members[value eq "u-1"]' }, ['u-2']],
    ['remove two', { op: 'remove', path: 'members[value eq "u-1" or value eq "u-2"]' }, []],
    ['remove one that is not there', { op: 'remove', path: 'members[value eq "u-7"]' }, ['u-1', 'u-2']],
    ['remove all', { op: 'remove', path: 'members' }, []],
    ['remove with a list, as Entra ID does', { op: 'remove', path: 'members', value: values('u-2', 'u-7') }, ['u-1']],
  ])('%s', (_name, operation, expected) => {
    expect(patch(operation).members).toEqual(expected);
  });

  it('applies operations in order and leaves the input alone', () => {
    const result = patch({ op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: values('u-5') });
    expect(result.members).toEqual(['u-5']);
    expect(group.members).toEqual(['u-1', 'u-2']);
  });
});

describe('applyPatch on other attributes', () => {
  it('sets and removes', () => {
    expect(patch({ op: 'replace', path: 'displayname', value: 'New' }).displayName).toBe('New');
    expect(patch({ op: 'add', path: 'externalId', value: 'e-2' }).externalId).toBe('e-2');
    expect(patch({ op: 'remove', path: 'externalId' }).externalId).toBeUndefined();
    expect(patch({ op: 'replace', value: { id: 'x', displayName: 'New', externalId: null } })).toEqual({
      ...group,
      displayName: 'New',
      externalId: undefined,
    });
  });

  it('changes extensions by URN and by attribute', () => {
    const whole = patch({ op: 'add', path: EXTENSION, value: { a: 1 } });
    expect(whole.extensions).toEqual({ [EXTENSION]: { a: 1 } });
    expect(patch({ op: 'add', value: { [EXTENSION]: { a: 1 } } }).extensions).toEqual(whole.extensions);
    const added = applyPatch(whole, [{ op: 'add', path: `${EXTENSION}:b`, value: 'x' }]);
    expect(added.extensions).toEqual({ [EXTENSION]: { a: 1, b: 'x' } });
    expect(applyPatch(added, [{ op: 'remove', path: `${EXTENSION}:a` }]).extensions).toEqual({
      [EXTENSION]: { b: 'x' },
    });
    expect(applyPatch(added, [{ op: 'remove', path: EXTENSION }]).extensions).toEqual({});
    expect(applyPatch(added, [{ op: 'replace', path: EXTENSION, value: { c: 2 } }]).extensions).toEqual({
      [EXTENSION]: { c: 2 },
    });
  });

  it.each<[PatchOperation, string]>([
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'remove', path: 'displayName' }, 'mutability'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    [{ op: 'replace', path: 'displayName', value: ' ' }, 'invalidValue'],
    [{ op: 'replace', path: 'externalId', value: 5 }, 'invalidValue'],
    [{ op: 'add', value: 'x' }, 'invalidValue'],
    [{ op: 'add', path: 'members', value: ['u-1'] }, 'invalidValue'],
    [{ op: 'add', path: 'members[value eq "u-1"]', value: values('u-3') }, 'invalidPath'],
    [{ op: 'remove', path: 'members[value eq u-1]' }, 'invalidPath'],
    [{ op: 'remove', path: 'members[value eq "u-1"] or members[value eq "u-2"]' }, 'invalidPath'],
    [{ op: 'replace', path: 'members[value eq "u-7"]', value: values('u-3') }, 'noTarget'],
    [{ op: 'replace', path: 'nickName', value: 'x' }, 'invalidPath'],
    [{ op: 'replace', value: { nickName: 'x' } }, 'invalidPath'],
  ])('%j -> %s', (operation, scimType) => {
    expect(() => patch(operation)).toThrow(expect.objectContaining({ scimType }) as Error);
  });
});

describe('patchRequestSchema and countMemberValues', () => {
  it('reads operation names in any case', () => {
    const parsed = patchRequestSchema.parse({ schemas: [PATCH_OP_URN], Operations: [{ op: 'Add', value: {} }] });
    expect(parsed.Operations[0]?.op).toBe('add');
  });

  it('takes a remove without a value', () => {
    const body = { schemas: [PATCH_OP_URN], Operations: [{ op: 'remove', path: 'members' }] };
    expect(patchRequestSchema.safeParse(body).success).toBe(true);
  });

  it.each([
    { schemas: [], Operations: [{ op: 'add' }] },
    { schemas: [PATCH_OP_URN], Operations: [] },
    { schemas: [PATCH_OP_URN], Operations: [{ op: 'move' }] },
    { schemas: [PATCH_OP_URN] },
  ])('refuses %j', (body) => {
    expect(patchRequestSchema.safeParse(body).success).toBe(false);
  });

  it('counts member values over all operations', () => {
    const operations: PatchOperation[] = [
      { op: 'add', path: 'members', value: values('a', 'b') },
      { op: 'replace', value: { members: values('c') } },
      { op: 'add', path: 'Members', value: { value: 'd' } },
      { op: 'remove', path: 'members' },
      { op: 'replace', path: 'displayName', value: 'x' },
    ];
    expect(countMemberValues(operations)).toBe(4);
  });
});
