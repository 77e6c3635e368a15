import { describe, expect, it } from 'vitest';
import { type Fault, FaultQueue, parseFault } from './faults.ts';

const subject = { method: 'POST', path: '/api/v2/users/scim/groups?filter=displayName eq "A"', body: '{"x":1}' };

function queueOf(...faults: Fault[]): FaultQueue {
  const queue = new FaultQueue();
  for (const fault of faults) queue.add(parseFault(fault));
  return queue;
}

describe('FaultQueue', () => {
  it('strikes once unless told otherwise', () => {
    const queue = queueOf({ kind: 'drop-before' });
    expect(queue.take(subject)?.kind).toBe('drop-before');
    expect(queue.take(subject)).toBeUndefined();
  });

  it('lets the first matches pass, then strikes as often as asked', () => {
    const queue = queueOf({ kind: 'drop-before', skip: 1, times: 2 });
    expect([1, 2, 3, 4].map(() => queue.take(subject)?.kind)).toEqual([
      undefined,
      'drop-before',
      'drop-before',
      undefined,
    ]);
  });

  it('never ends with "always", until it is cleared', () => {
    const queue = queueOf({ kind: 'drop-before', times: 'always' });
    for (let i = 0; i < 100; i += 1) expect(queue.take(subject)).toBeDefined();
    queue.clear();
    expect(queue.take(subject)).toBeUndefined();
  });

  it('takes the first that matches and counts only that one', () => {
    const queue = queueOf(
      { kind: 'delay', ms: 0, match: { method: 'GET' } },
      { kind: 'drop-before' },
      { kind: 'expire-tokens' },
    );
    expect(queue.take(subject)?.kind).toBe('drop-before');
    expect(queue.take(subject)?.kind).toBe('expire-tokens');
    expect(queue.take({ ...subject, method: 'GET' })?.kind).toBe('delay');
  });

  it.each<[Fault['match'], boolean]>([
    [{}, true],
    [{ method: 'post' }, true],
    [{ method: 'GET' }, false],
    [{ path: 'displayName eq "A"' }, true],
    [{ path: '/users?' }, false],
    [{ bodyIncludes: '"x":1' }, true],
    [{ bodyIncludes: '"y"' }, false],
    [{ method: 'POST', path: '/groups', bodyIncludes: '"y"' }, false],
  ])('match %j -> %s', (match, expected) => {
    expect(queueOf({ kind: 'drop-before', match }).take(subject) !== undefined).toBe(expected);
  });

  it('keeps token-rate-limited for the token endpoint', () => {
    const queue = queueOf({ kind: 'token-rate-limited' });
    expect(queue.take(subject)).toBeUndefined();
    expect(queue.take({ method: 'POST', path: '/oauth/token', body: '' })?.kind).toBe('token-rate-limited');
  });
});

describe('hide-group', () => {
  it('waits for a request that reads groups', () => {
    const queue = queueOf({ kind: 'hide-group', name: 'A' });
    expect(queue.take(subject)).toBeUndefined();
    expect(queue.take({ method: 'GET', path: '/api/v2/users', body: '' })).toBeUndefined();
    expect(queue.take({ ...subject, method: 'GET' })?.kind).toBe('hide-group');
  });
});

describe('parseFault', () => {
  it.each([
    [{ kind: 'unknown' }, 'kind'],
    [{ kind: 'delay' }, 'ms'],
    [{ kind: 'respond', status: 99 }, 'status'],
    [{ kind: 'drop-before', match: { paths: '/x' } }, 'match'],
    [{ kind: 'drop-before', times: 0 }, 'times'],
    [{ kind: 'respond', status: 200, headers: { 'a b': 'c' } }, 'headers'],
    [{ kind: 'respond', status: 200, headers: { a: 'b\r\nc: d' } }, 'headers'],
  ])('refuses %j', (fault, path) => {
    expect(() => parseFault(fault)).toThrow(new RegExp(`not a fault: .*${path}`));
  });
});
