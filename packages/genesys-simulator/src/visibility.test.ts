import { describe, expect, it } from 'vitest';
import { Visibility } from './visibility.ts';

describe('Visibility', () => {
  it('hides a created group from each API for its own time', () => {
    let now = 1000;
    const visibility = new Visibility({ scim: 0, groups: 50, publishedScim: 100 }, () => now);
    const seen = () => (['scim', 'groups', 'publishedScim'] as const).filter((api) => visibility.isVisible(api, 'a'));
    expect(seen()).toHaveLength(3);
    visibility.created('a');
    expect(seen()).toEqual(['scim']);
    now += 49;
    expect(seen()).toEqual(['scim']);
    now += 1;
    expect(seen()).toEqual(['scim', 'groups']);
    visibility.created('b');
    now += 50;
    expect(seen()).toHaveLength(3);
    visibility.created('c');
    expect(seen()).toHaveLength(3);
    expect(visibility.isVisible('publishedScim', 'b')).toBe(false);
    visibility.clear();
    expect(visibility.isVisible('publishedScim', 'b')).toBe(true);
  });
});
