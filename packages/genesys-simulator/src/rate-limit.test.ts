import { expect, it } from 'vitest';
import { rateLimitHeaders, RateLimiter } from './rate-limit.ts';

it('counts a window from its first request and starts again after it', () => {
  let now = 1_000_000;
  const limiter = new RateLimiter(2, 60_000, () => now);
  expect(limiter.state()).toEqual({ allowed: true, count: 0, limit: 2, resetSeconds: 60 });
  expect(limiter.hit()).toEqual({ allowed: true, count: 1, limit: 2, resetSeconds: 60 });
  now += 30_500;
  expect(limiter.hit()).toEqual({ allowed: true, count: 2, limit: 2, resetSeconds: 30 });
  expect(limiter.hit().allowed).toBe(false);
  now += 29_499;
  expect(limiter.hit()).toEqual({ allowed: false, count: 4, limit: 2, resetSeconds: 1 });
  now += 1;
  expect(limiter.hit()).toEqual({ allowed: true, count: 1, limit: 2, resetSeconds: 60 });
  expect(rateLimitHeaders(limiter.state())).toEqual({
    'inin-ratelimit-count': '1',
    'inin-ratelimit-allowed': '2',
    'inin-ratelimit-reset': '60',
  });
});
