import { expect, it } from 'vitest';
import { statusClass } from './metrics.ts';

it.each([
  [200, undefined, '2xx'],
  [404, undefined, '4xx'],
  [401, undefined, '401'],
  [429, undefined, '429'],
  [503, undefined, '5xx'],
  [undefined, 'timeout', 'timeout'],
  [undefined, 'connection_lost', 'error'],
] as const)('status %s, error %s is counted as %s', (status, error, expected) => {
  expect(statusClass(status, error)).toBe(expected);
});
