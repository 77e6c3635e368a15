import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer, type Leave, type Pacer, type Urgency } from './pacer.ts';

const headers = (count: number, allowed: number, reset: number): Record<string, string> => ({
  'inin-ratelimit-count': String(count),
  'inin-ratelimit-allowed': String(allowed),
  'inin-ratelimit-reset': String(reset),
});

function pacerAt(reserve: number): { pacer: Pacer; clock: { now: number } } {
  const clock = { now: 1_000_000 };
  return { pacer: createPacer({ reserve, now: () => clock.now }), clock };
}

function entered(pacer: Pacer, urgency?: Urgency): Leave {
  const leave = pacer.enter(urgency);
  if (typeof leave === 'number') throw new Error(`must wait ${leave} ms`);
  return leave;
}

describe('createPacer', () => {
  it('holds nothing back while it knows no limit', () => {
    const { pacer } = pacerAt(0.05);
    for (let sent = 0; sent < 1000; sent++) entered(pacer);
    expect(pacer.budget()).toBeUndefined();
  });

  it('leaves the reserve to others, and opens with the next window', () => {
    const { pacer, clock } = pacerAt(0.05);
    entered(pacer)(headers(284, 300, 42));
    entered(pacer)(headers(285, 300, 42));
    expect(pacer.budget()).toEqual({ used: 285, allowed: 300 });
    expect(pacer.enter()).toBe(42_000);
    clock.now += 41_999;
    expect(pacer.enter()).toBe(1);
    clock.now += 1;
    entered(pacer);
  });

  it('waits a moment, not the window, where only its own open requests fill it', () => {
    const { pacer } = pacerAt(0);
    entered(pacer)(headers(1, 3, 60));
    entered(pacer);
    entered(pacer);
    expect(pacer.enter()).toBe(50);
  });

  it('lets one request through however small the limit is', () => {
    const { pacer, clock } = pacerAt(0.9);
    entered(pacer)(headers(1, 1, 60));
    expect(pacer.enter()).toBe(60_000);
    clock.now += 60_000;
    entered(pacer);
  });

  it('is not led astray by a late answer of the window before', () => {
    const { pacer, clock } = pacerAt(0);
    const late = entered(pacer);
    entered(pacer)(headers(1, 10, 1));
    clock.now += 1_000;
    entered(pacer)(headers(1, 10, 60));
    late(headers(10, 10, 1));
    expect(pacer.budget()).toEqual({ used: 1, allowed: 10 });
  });

  it('gives the place of a request back that got no answer', () => {
    const { pacer } = pacerAt(0);
    entered(pacer)(headers(1, 2, 60));
    entered(pacer)();
    expect(pacer.budget()?.used).toBe(1);
    entered(pacer);
    expect(pacer.enter()).toBe(50);
  });

  it.each([
    [{}],
    [{ 'inin-ratelimit-count': '5' }],
    [headers(5, 0, 60)],
    [{ ...headers(5, 5, 60), 'inin-ratelimit-reset': 'soon' }],
    [{ ...headers(5, 5, 60), 'inin-ratelimit-count': '-1' }],
  ])('ignores %j', (told) => {
    const { pacer } = pacerAt(0);
    entered(pacer)(told);
    expect(pacer.budget()).toBeUndefined();
  });

  it('waits 15 minutes at most, whatever the server says', () => {
    const { pacer } = pacerAt(0);
    entered(pacer)(headers(5, 5, 999_999));
    expect(pacer.enter()).toBe(15 * 60_000);
  });

  it('lets urgent requests use half of the reserve, when the rest is used up', () => {
    const { pacer } = pacerAt(0.05);
    entered(pacer)(headers(285, 300, 42));
    expect(pacer.enter('bulk')).toBe(42_000);
    entered(pacer, 'urgent')(headers(286, 300, 42));
    entered(pacer, 'urgent')(headers(292, 300, 42));
    entered(pacer, 'urgent')(headers(293, 300, 42));
    expect(pacer.enter('urgent')).toBe(42_000);
  });

  it('sends one request at a time where those of others may fill the window, and more again when the others stop', () => {
    const { pacer, clock } = pacerAt(0);
    entered(pacer)(headers(1, 100, 60));
    const first = entered(pacer);
    clock.now += 100;
    // 39 more than ours in the time of one request: as many are to be expected now.
    first(headers(41, 100, 60));
    const open = Array.from({ length: 20 }, () => entered(pacer));
    expect(pacer.enter()).toBe(50);
    entered(pacer, 'urgent')(headers(42, 100, 60));
    open.forEach((leave, index) => leave(headers(43 + index, 100, 60)));
    for (let sent = 0; sent < 2; sent++) entered(pacer);
  });

  it.each([1, 2, 3])('%i processes with slow requests use up the window and do not run over it', (processes) => {
    const clock = { now: 1_000_000 };
    const server = fixedWindow(300, () => clock.now);
    const pacers = Array.from({ length: processes }, () => createPacer({ reserve: 0.05, now: () => clock.now }));
    pacers.forEach((pacer) => entered(pacer)(server.handle()));
    const due: { at: number; run: () => void }[] = [];
    for (let step = 0; step < 30_000; step++) {
      clock.now += 10;
      while (due[0] !== undefined && due[0].at <= clock.now) due.shift()?.run();
      for (const pacer of pacers) {
        const leave = step % 2 === 0 ? pacer.enter() : 0;
        if (typeof leave === 'number') continue;
        // Counted half way.
        due.push({
          at: clock.now + 200,
          run: () => {
            const answer = server.handle();
            due.push({ at: clock.now + 200, run: () => leave(answer) });
          },
        });
      }
    }
    expect(server.worst()).toBeLessThanOrEqual(300);
    for (const count of server.ended()) expect(count).toBeGreaterThanOrEqual(285);
    expect(server.ended().length).toBeGreaterThanOrEqual(4);
  });

  it('never sends more than the limit in a window, with any delays and any order of answers', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('send' as const) }),
      fc.record({ do: fc.constant('answer' as const), index: fc.nat(20) }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 300 }), (limit, steps) => {
        const { pacer, clock } = pacerAt(0);
        const server = fixedWindow(limit, () => clock.now);
        entered(pacer)(server.handle());
        const open: (() => void)[] = [];
        for (const next of steps) {
          if (next.do === 'pass') clock.now += next.ms;
          else if (next.do === 'answer') open.splice(next.index % Math.max(1, open.length), 1)[0]?.();
          else {
            const leave = pacer.enter();
            if (typeof leave === 'number') continue;
            const answer = server.handle();
            open.push(() => leave(answer));
          }
        }
        expect(server.worst()).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 500 },
    );
  });

  it('does not hold back for longer than the window, however slow the answers are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 30_000 }), (limit, delay) => {
        const { pacer, clock } = pacerAt(0);
        const leave = entered(pacer);
        clock.now += delay;
        leave(headers(limit, limit, 60));
        const wait = pacer.enter();
        expect(wait).toBe(60_000);
        clock.now += 60_000;
        entered(pacer);
      }),
    );
  });
});

/** A server that counts in fixed windows of a minute. It sees a request at once; the answer may take any time. */
function fixedWindow(limit: number, now: () => number) {
  let start = now();
  let count = 0;
  let worst = 0;
  const ended: number[] = [];
  return {
    handle(): Record<string, string> {
      if (now() - start >= 60_000) {
        start = now();
        ended.push(count);
        count = 0;
      }
      count += 1;
      worst = Math.max(worst, count);
      return headers(count, limit, Math.ceil((start + 60_000 - now()) / 1000));
    },
    worst: () => worst,
    /** Requests of each window but the running one. */
    ended: () => ended,
  };
}
