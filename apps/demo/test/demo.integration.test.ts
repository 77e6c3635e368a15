import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ONBOARD = fileURLToPath(new URL('../../starter/dist/main.js', import.meta.url));

function runDemo(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 110_000 });
}

describe('npm run dev', () => {
  it('stays up, and a second terminal needs no setting', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-'));
    const dev = spawn(process.execPath, [MAIN, 'dev'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void dev.kill('SIGKILL'));
    try {
      await untilOutput(dev.stdout, 'Ctrl-C ends everything.');
      const example = fileURLToPath(new URL('../../../examples/engineering-team-alpha.json', import.meta.url));
      // The environment of this test names no Temporal server, nor does that of a fresh terminal.
      const { TEMPORAL_ADDRESS: _, ...env } = process.env;
      const onboard = (...args: string[]) =>
        spawnSync(process.execPath, [ONBOARD, ...args], { cwd: folder, env, encoding: 'utf8', timeout: 40_000 });
      const started = onboard('start', example, '--wait', '--json');
      expect(started.status, started.stderr).toBe(0);
      expect(JSON.parse(started.stdout)).toMatchObject({ result: { outcome: 'created', externalId: 'hris_grp_8842' } });
      const doctor = onboard('doctor');
      expect(doctor.status, doctor.stdout + doctor.stderr).toBe(0);
      const ended = new Promise((resolve) => dev.once('close', resolve));
      dev.kill('SIGINT');
      expect(await ended).toBe(0);
      expect(existsSync(join(folder, '.cache', 'onboarding-dev.env'))).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function untilOutput(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
    stream.on('end', () => reject(new Error(`ended before it said "${text}":\n${seen}`)));
  });
}

describe('npm run demo', () => {
  it('tells its five stories with --json, and nothing else on stdout', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = runDemo('demo', '--json');
    expect(status, stderr).toBe(0);
    const report = JSON.parse(stdout) as { runs: { name: string; externalId: string; groupId: string | null }[] };
    expect(report).toMatchObject({
      runs: [
        { name: 'fresh', externalId: 'hris_grp_8842', outcome: 'created', requests: 7 },
        { name: 'concurrent-creator', outcome: 'adopted' },
        { name: 'throttled', outcome: 'created' },
        { name: 'cut-after-commit', outcome: 'created' },
        { name: 'refused', outcome: 'failed', groupId: null, failure: 'NameConflict' },
      ],
      audit: { total: 5, success: 3, conflictResolved: 1, failure: 1, successRate: 0.8 },
    });
    expect(new Set(report.runs.map((run) => run.groupId)).size).toBe(5);
    for (const line of ['✓ create-group', 'attempt 1 failed', '✗ NameConflict', 'UI          http://127.0.0.1:']) {
      expect(stderr).toContain(line);
    }
  });

  it('tells the same stories on the published API', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = runDemo('demo', '--json', '--target', 'platform');
    expect(status, stderr).toBe(0);
    const { runs } = JSON.parse(stdout) as { runs: { outcome: string }[] };
    expect(runs.map((run) => run.outcome)).toEqual(['created', 'adopted', 'created', 'created', 'failed']);
    expect(stderr).toContain('target   platform');
  });

  it('refuses what it does not know', () => {
    expect(runDemo('demo', '--jsn').status).toBe(2);
    expect(runDemo('party').status).toBe(2);
    expect(runDemo('demo', '--target', 'moon').status).toBe(2);
  });
});
