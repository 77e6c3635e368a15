import { expect, it } from 'vitest';
import type { LoggedRequest } from './records.ts';
import { RequestLog } from './request-log.ts';

function entry(seq: number, more: Partial<LoggedRequest> = {}): LoggedRequest {
  return { seq, at: '2026-01-01T00:00:00.000Z', method: 'GET', path: `/p/${seq}`, status: 200, durationMs: 1, ...more };
}

it('keeps the newest entries, in order of arrival', () => {
  const log = new RequestLog(10, 1000);
  for (let i = 0; i < 3000; i += 1) log.add(entry(log.nextSeq()), 0);
  expect(log.list().map(({ seq }) => seq)).toEqual([2991, 2992, 2993, 2994, 2995, 2996, 2997, 2998, 2999, 3000]);

  log.clear();
  const [first, second] = [log.nextSeq(), log.nextSeq()];
  log.add(entry(second), 0);
  log.add(entry(first), 0);
  expect(log.list().map(({ seq }) => seq)).toEqual([3001, 3002]);
});

it('gives up the oldest bodies when there are too many bytes', () => {
  const log = new RequestLog(10_000, 100);
  for (let i = 1; i <= 5000; i += 1) log.add(entry(i, { body: { i } }), 40);
  expect(
    log
      .list()
      .filter((request) => 'body' in request)
      .map(({ seq }) => seq),
  ).toEqual([4999, 5000]);
});

it('filters by method, path and status', () => {
  const log = new RequestLog(10, 0);
  log.add(entry(1), 0);
  log.add(entry(2, { method: 'POST', status: 'dropped' }), 0);
  log.add(entry(3, { status: 404 }), 0);
  expect(log.list({ method: 'post' }).map(({ seq }) => seq)).toEqual([2]);
  expect(log.list({ path: '/p/3' }).map(({ seq }) => seq)).toEqual([3]);
  expect(log.list({ status: 'dropped' }).map(({ seq }) => seq)).toEqual([2]);
  expect(log.list({ status: 404 }).map(({ seq }) => seq)).toEqual([3]);
});
