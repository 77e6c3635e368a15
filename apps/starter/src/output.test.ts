import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';

function sinks(isTTY: boolean, asJson = false) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns: 30,
    write: (text: string) => void (written[name] += text),
  });
  return { written, output: createOutput({ stdout: sink('stdout'), stderr: sink('stderr'), asJson }) };
}

describe('createOutput', () => {
  it('prints one JSON object to stdout and everything else to stderr', () => {
    const { written, output } = sinks(false, true);
    output.line('step');
    output.problem('bad');
    output.json({ a: 1 });
    expect(written).toEqual({ stdout: '{"a":1}\n', stderr: 'step\nbad\n' });
  });

  it('prints no JSON for people, and problems to stderr', () => {
    const { written, output } = sinks(false);
    output.line('step');
    output.problem('bad');
    output.json({ a: 1 });
    output.live('never on a pipe');
    expect(written).toEqual({ stdout: 'step\n', stderr: 'bad\n' });
  });

  it('replaces the live line, cut to the width of the terminal', () => {
    const { written, output } = sinks(true);
    output.live('x'.repeat(50));
    output.line('step');
    output.live('');
    expect(written.stdout).toBe(`${'x'.repeat(29)}\r\u001b[2Kstep\n`);
  });

  it('does not let text steer the terminal', () => {
    const { written, output } = sinks(false);
    output.line('a\u001b]0;title\u0007\rb\nc');
    expect(written.stdout).toBe('a\ufffd]0;title\ufffd\ufffdb\nc\n');
  });

  it('replaces what the screen showed, cut to its size, and leaves other lines', () => {
    const { written, output } = sinks(true);
    output.screen(['one', 'x'.repeat(50)]);
    output.screen(['two']);
    output.line('between');
    output.screen(['three']);
    const below = '\u001b[0J';
    expect(written.stdout).toBe(`${below}one\n${'x'.repeat(29)}\n\u001b[2A\r${below}two\nbetween\n${below}three\n`);
    const pipe = sinks(false);
    pipe.output.screen(['never on a pipe']);
    expect(pipe.written.stdout).toBe('');
  });

  it('prints data as it is to stdout, with and without JSON', () => {
    for (const asJson of [true, false]) {
      const { written, output } = sinks(true, asJson);
      output.data('{"events":[]}\n');
      expect(written).toEqual({ stdout: '{"events":[]}\n', stderr: '' });
    }
  });
});
