import { expect, it } from 'vitest';
import { jsonPath } from './issues.ts';

it('writes keys that are no identifiers in brackets', () => {
  expect(jsonPath(['members', 3, 'id'])).toBe('$.members[3].id');
  expect(jsonPath(['extensions', 'urn:a:b', '__proto__'])).toBe('$.extensions["urn:a:b"].__proto__');
});
