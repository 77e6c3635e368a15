import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

function runDemo(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 110_000 });
}

describe('npm run demo', () => {
  it('tells its five stories with --json, and nothing else on stdout', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = runDemo('demo', '--json');
    expect(status, stderr).toBe(0);
    const report = JSON.parse(stdout) as { runs: { name: string; externalId: string; groupId: string | null }[] };
    expect(report).toMatchObject({
      runs: [
        { name: 'fresh', externalId: 'hris_grp_8842', outcome: 'created', requests: 6 },
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

  it('refuses what it does not know', () => {
    expect(runDemo('demo', '--jsn').status).toBe(2);
    expect(runDemo('party').status).toBe(2);
  });
});
