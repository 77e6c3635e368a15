import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinDevStack, removeDevStackNote, writeDevStackNote } from './dev-stack-note.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'note-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stack = {
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  GENESYS_API_URL: 'http://127.0.0.1:2',
  HOME: '/root',
  AUDIT_LOG_FILE: 'x',
};

describe('the note of npm run dev', () => {
  it('tells how to reach the stack, to this user only, and nothing else', () => {
    writeDevStackNote(folder, stack);
    const file = join(folder, '.cache', 'onboarding-dev.env');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toMatch(/HOME|AUDIT/u);
    const env = { GENESYS_API_URL: 'mine' };
    joinDevStack(folder, env);
    expect(env).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:1', GENESYS_API_URL: 'mine' });
  });

  it('is left alone where another server is named, where it is old, and where there is none', () => {
    writeDevStackNote(folder, stack);
    const named = { TEMPORAL_ADDRESS: 'other:7233' };
    joinDevStack(folder, named);
    expect(named).toEqual({ TEMPORAL_ADDRESS: 'other:7233' });
    writeFileSync(
      join(folder, '.cache', 'onboarding-dev.env'),
      'ONBOARDING_DEV_PID="2147483646"\nTEMPORAL_ADDRESS="127.0.0.1:1"\n',
    );
    const old = {};
    joinDevStack(folder, old);
    expect(old).toEqual({});
    removeDevStackNote(folder);
    joinDevStack(folder, old);
    expect(old).toEqual({});
  });
});
