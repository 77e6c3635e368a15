import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { INPUT_LIMITS } from '@scim-onboarding/scim-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnboard } from './run-onboard.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/engineering-team-alpha.json', import.meta.url));
const BAD = JSON.stringify({ externalId: 'g1', displayName: 'has spaces', members: [{ id: '' }], extra: 1 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onboard-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('onboard validate', () => {
  it('accepts the example without a server', async () => {
    const ended = await runOnboard(['validate', EXAMPLE]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('"Engineering_Team_Alpha", 2 members');
  });

  it('prints one JSON object', async () => {
    const ended = await runOnboard(['validate', EXAMPLE, '--json'], { env: { ONBOARDING_TENANT: 'acme' } });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      valid: true,
      members: 2,
      workflowId: 'onboard-group:acme:hris_grp_8842',
    });
  });

  it('prints every issue with its path to stderr', async () => {
    const ended = await runOnboard(['validate', '-'], { stdin: BAD });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const path of ['$.displayName: ', '$.members[0].id: ', '$.extra: ']) expect(ended.stderr).toContain(path);
  });

  it('prints one JSON object for an error', async () => {
    const ended = await runOnboard(['validate', '-', '--json'], { stdin: BAD });
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: {
        type: 'InvalidGroupDefinition',
        hint: expect.any(String),
        issues: expect.arrayContaining([expect.objectContaining({ path: '$.extra' })]),
      },
    });
  });

  it('reads rules from .env, and a variable that is set wins', async () => {
    await writeFile(join(folder, '.env'), 'GROUP_NAME_PATTERN=^[a-z ]+$\n');
    const stdin = JSON.stringify({ externalId: 'g1', displayName: 'has spaces', members: [] });
    expect(await runOnboard(['validate', '-'], { stdin, cwd: folder })).toMatchObject({ code: 0 });
    expect(
      await runOnboard(['validate', '-'], { stdin, cwd: folder, env: { GROUP_NAME_PATTERN: '^x$' } }),
    ).toMatchObject({ code: 2 });
  });

  it.each([
    ['no file', ['validate', 'no-such-file.json'], '', 'no-such-file.json'],
    ['empty stdin', ['validate', '-'], '', '(stdin) is empty'],
    ['bad JSON', ['validate', '-'], '{\n"a": }', '(stdin):2:6'],
    ['too much', ['validate', '-'], ' '.repeat(INPUT_LIMITS.bytes + 1), 'larger than'],
  ])('ends with 2 for %s', async (_, args, stdin, text) => {
    const ended = await runOnboard(args, { stdin });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(text);
  });
});

describe('usage', () => {
  it.each([
    [['launch']],
    [['start']],
    [['start', '-', '--timeout', '0']],
    [['status']],
    [['validate', '-', '--nope']],
    [[]],
  ])('ends with 2 for %j', async (args) => {
    const ended = await runOnboard(args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).not.toBe('');
  });

  it('is JSON with --json', async () => {
    const ended = await runOnboard(['start', '--json']);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { type: 'Usage', message: expect.stringContaining('definition') },
    });
  });

  it.each([['--help'], ['--version']])('ends with 0 for %s', async (flag) => {
    expect(await runOnboard([flag])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/Usage: onboard|^\d+\.\d+\.\d+/u),
    });
  });

  it('ends with 2 for bad settings', async () => {
    const ended = await runOnboard(['status', 'g1'], { env: { ONBOARDING_TENANT: 'a:b' } });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('ONBOARDING_TENANT');
  });
});

describe('without a server', () => {
  it('checks the definition before it connects anywhere', async () => {
    expect(await runOnboard(['start', '-'], { stdin: BAD, env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } })).toMatchObject({
      code: 2,
    });
  });

  it.each([['start', EXAMPLE], ['status', 'g1'], ['setup']])('ends with 3: %s', async (...args) => {
    const address = await closedPort();
    const ended = await runOnboard([...args, '--json'], { env: { TEMPORAL_ADDRESS: address } });
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { type: 'TemporalUnreachable', message: expect.stringContaining(address) },
    });
  });

  it('doctor goes on and ends with 3', async () => {
    const address = await closedPort();
    const env = {
      TEMPORAL_ADDRESS: address,
      GENESYS_CLIENT_ID: 'id',
      GENESYS_CLIENT_SECRET: 's3cret',
      GENESYS_API_URL: `http://${address}`,
      GENESYS_LOGIN_URL: `http://${address}`,
    };
    const ended = await runOnboard(['doctor', '--json'], { env });
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: false,
      checks: [
        { check: 'settings', state: 'ok' },
        { check: 'temporal', state: 'failed' },
        { check: 'search-attributes', state: 'skipped' },
        { check: 'worker group-onboarding', state: 'skipped' },
        { check: 'worker genesys-api', state: 'skipped' },
        { check: 'worker hris-webhooks', state: 'skipped' },
        { check: 'token', state: 'failed', reason: 'unreachable' },
        { check: 'api', state: 'skipped' },
        { check: 'groups', state: 'skipped' },
        { check: 'users', state: 'skipped' },
      ],
    });
    expect(ended.stdout + ended.stderr).not.toContain('s3cret');
  });
});

/** A port of the loopback interface that nobody listens on. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
}
