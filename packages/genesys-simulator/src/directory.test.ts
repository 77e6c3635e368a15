import { describe, expect, it } from 'vitest';
import { Directory, type DirectoryGroup } from './directory.ts';

const user = { id: 'u', name: 'U', email: 'u@example.com' };

function get(directory: Directory, id: string): DirectoryGroup {
  const group = directory.group(id);
  if (group === undefined) throw new Error(`no group ${id}`);
  return group;
}

describe('Directory', () => {
  it('takes a deleted group out of the groups that list it', () => {
    const directory = new Directory({
      users: [user],
      groups: [
        { id: 'a', displayName: 'A', members: ['c', 'u', 'b'] },
        { id: 'b', displayName: 'B', members: ['c'] },
        { id: 'c', displayName: 'C' },
      ],
    });
    expect(directory.deleteGroup('c')).toBe(true);
    expect(get(directory, 'a')).toMatchObject({ members: ['u', 'b'], version: 2 });
    expect(get(directory, 'b')).toMatchObject({ members: [], version: 2 });
    const later = directory.createGroup({ displayName: 'D', members: [], extensions: {} });
    directory.replaceGroup(get(directory, 'b'), { ...get(directory, 'b'), members: [later.id] });
    expect(directory.deleteGroup(later.id)).toBe(true);
    expect(get(directory, 'b').members).toEqual([]);
    expect(directory.deleteGroup(later.id)).toBe(false);
  });

  it('keeps settings that a change does not name, and counts a change of them as a version', () => {
    const directory = new Directory({ groups: [{ id: 'a', displayName: 'A', description: 'd', type: 'social' }] });
    const { displayName, members, extensions } = get(directory, 'a');
    directory.replaceGroup(get(directory, 'a'), { displayName, members, extensions });
    expect(get(directory, 'a')).toMatchObject({ settings: { description: 'd', type: 'social' }, version: 1 });
    directory.replaceGroup(get(directory, 'a'), { displayName, members, extensions, settings: { description: 'e' } });
    expect(get(directory, 'a')).toMatchObject({ settings: { description: 'e' }, version: 2 });
  });
});
