import { TemporalUnavailableError } from '@scim-onboarding/onboarding-client';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../output.ts';
import { untilAnswered } from './until-answered.ts';

function watcher() {
  const written: string[] = [];
  const sink = { write: (text: string) => written.push(text) };
  const stop = new AbortController();
  const output = createOutput({ stdout: sink, stderr: sink, asJson: false });
  return { context: { output, interrupted: stop.signal }, written, stop };
}

const down = (): TemporalUnavailableError => new TemporalUnavailableError('No worker answered.', 'Start one.');

describe('untilAnswered', () => {
  it('asks again while nobody answers, and says so once', async () => {
    const { context, written } = watcher();
    let asked = 0;
    const ask = () => ((asked += 1) < 4 ? Promise.reject(down()) : Promise.resolve('here'));
    await expect(untilAnswered(context, ask, { pauseMs: 1 })).resolves.toBe('here');
    expect(written).toEqual(['! No worker answered. Trying again until there is an answer.\n']);
    // It is called twice a second, for hours.
    expect(getEventListeners(context.interrupted, 'abort')).toEqual([]);
  });

  it('gives up once it lasts, and at once for any other error', async () => {
    const { context } = watcher();
    const options = { pauseMs: 1, patienceMs: 20 };
    await expect(untilAnswered(context, () => Promise.reject(down()), options)).rejects.toThrow('No worker answered');
    let asked = 0;
    const refused = () => ((asked += 1), Promise.reject(new Error('refused')));
    await expect(untilAnswered(context, refused, options)).rejects.toThrow('refused');
    expect(asked).toBe(1);
  });

  it('does not wait for an answer after Ctrl-C', async () => {
    const { context, stop } = watcher();
    const answer = untilAnswered(context, () => new Promise(() => undefined));
    stop.abort();
    await expect(answer).resolves.toBeUndefined();
    await expect(untilAnswered(context, () => Promise.resolve('late'))).resolves.toBeUndefined();
  });
});
