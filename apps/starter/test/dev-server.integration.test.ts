import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnboard } from './run-onboard.ts';

let server: DevServer;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startDevServer();
  env = {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    TEMPORAL_UI_URL: 'http://localhost:8233/',
  };
});
afterAll(() => server?.stop());

const names = Object.keys(SEARCH_ATTRIBUTE_TYPES).sort();

describe('onboard setup', () => {
  it('is what a start asks for when search attributes are missing', async () => {
    const { code, stdout } = await start(definition());
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { type: 'SearchAttributesMissing', hint: expect.stringContaining('onboard setup') },
    });
  });

  it('registers them, and says the second time that they are there', async () => {
    const first = await runOnboard(['setup', '--json'], { env });
    expect(first.code).toBe(0);
    expect(sorted(JSON.parse(first.stdout).created)).toEqual(names);
    const second = await runOnboard(['setup', '--json'], { env });
    expect(JSON.parse(second.stdout)).toMatchObject({ created: [], existing: expect.arrayContaining(names) });
  });
});

describe('onboard start and status, with no worker', () => {
  it('prints ids and goes; joins the open run; refuses another definition', async () => {
    const group = definition();
    const first = JSON.parse((await start(group)).stdout);
    expect(first).toMatchObject({ workflowId: `onboard-group:default:${group.externalId}`, joined: false });
    expect(first.uiUrl).toBe(`http://localhost:8233${first.uiPath}`);
    expect(JSON.parse((await start(group)).stdout)).toMatchObject({ runId: first.runId, joined: true });

    const other = await start({ ...group, displayName: 'Other' });
    expect(other.code).toBe(2);
    expect(JSON.parse(other.stdout)).toMatchObject({ error: { type: 'DefinitionMismatch', runId: first.runId } });

    const status = await runOnboard(['status', group.externalId, '--json'], { env });
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      runId: first.runId,
      execution: 'RUNNING',
      state: 'unavailable',
      stage: 'validating',
    });
  });

  it('refuses to join a run of another conflict policy', async () => {
    const group = definition();
    const flags = ['--conflict-policy', 'update', '--on-failure', 'fail', '--allow-removals'];
    expect((await start(group, ...flags)).code).toBe(0);
    const other = JSON.parse((await start(group)).stdout);
    expect(other).toMatchObject({
      error: { type: 'DefinitionMismatch', message: expect.stringContaining('conflict policy "update"') },
    });
    expect((await start(group, '--conflict-policy', 'replace')).code).toBe(2);
  });

  it('reads encrypted runs with the keys of the workers, and says when it lacks them', async () => {
    const group = definition();
    const keys = { PAYLOAD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
    const input = { stdin: JSON.stringify(group) };
    expect(await runOnboard(['start', '-'], { env: { ...env, ...keys }, ...input })).toMatchObject({ code: 0 });
    expect(await runOnboard(['status', group.externalId], { env: { ...env, ...keys } })).toMatchObject({ code: 0 });
    const without = await runOnboard(['status', group.externalId, '--json'], { env });
    expect(without.code).toBe(2);
    expect(JSON.parse(without.stdout)).toMatchObject({ error: { type: 'PayloadUnreadable' } });
    const list = await runOnboard(['list', '--json'], { env: { ...env, ...keys } });
    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining(group.externalId) });
  });

  it('ends --wait with 4 at the deadline', async () => {
    const group = definition();
    const ended = await runOnboard(['start', '-', '--wait', '--timeout', '2'], { env, stdin: JSON.stringify(group) });
    expect(ended.code).toBe(4);
    expect(ended.stdout).toContain(`Started onboard-group:default:${group.externalId}`);
    expect(ended.stderr).toContain('The run goes on');
    expect(ended.stderr).toContain(`onboard status onboard-group:default:${group.externalId}`);
  });

  it('ends --wait with 130 on Ctrl-C, and the run goes on', async () => {
    const group = definition();
    const began = performance.now();
    let interrupted = false;
    const ended = await runOnboard(['start', '-', '--wait'], {
      env,
      stdin: JSON.stringify(group),
      // Once: a second Ctrl-C ends the command at once, as a person expects.
      onStdout(text, kill) {
        if (interrupted || !text.includes('Started')) return;
        interrupted = true;
        kill('SIGINT');
      },
    });
    expect(ended.code).toBe(130);
    expect(performance.now() - began, 'it does not wait for the long poll').toBeLessThan(10_000);
    expect(ended.stderr).toContain('The run goes on');
    const status = await runOnboard(['status', group.externalId], { env });
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('no worker answered') });
  });

  it('keeps tenants apart', async () => {
    const group = definition();
    expect(JSON.parse((await start(group, '--tenant', 'acme')).stdout)).toMatchObject({
      workflowId: `onboard-group:acme:${group.externalId}`,
    });
    const elsewhere = await runOnboard(['status', group.externalId, '--json'], { env });
    expect(elsewhere.code).toBe(2);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ error: { type: 'OnboardingNotFound' } });
  });
});

describe('onboard doctor', () => {
  it('reports what is there and what is not', async () => {
    const target = await startTarget(403);
    const ended = await runOnboard(['doctor', '--json'], { env: { ...env, ...target.env } });
    await target.close();
    expect(ended.code).toBe(1);
    expect(states(ended.stdout)).toEqual({
      settings: 'ok',
      temporal: 'ok',
      'search-attributes': 'ok',
      'worker group-onboarding': 'failed',
      'worker genesys-api': 'failed',
      'worker hris-webhooks': 'failed',
      token: 'ok',
      api: 'failed',
      groups: 'skipped',
      users: 'skipped',
    });
    expect(ended.stderr).toContain('✗ api');
    expect(ended.stdout + ended.stderr).not.toContain('s3cret');
  });

  it.each([
    [404, {}, /^✓ api +platform: GET .*\/api\/v2\/users\/scim\/groups.* answered 404$/mu],
    [500, { GENESYS_GROUPS_API: 'platform' }, /^✓ api +platform: GENESYS_GROUPS_API is platform$/mu],
  ])('says which API groups are written by, and why: %s %j', async (status, settings, line) => {
    const target = await startTarget(status);
    const ended = await runOnboard(['doctor'], { env: { ...env, ...target.env, ...settings } });
    await target.close();
    expect(ended.stdout).toMatch(line);
  });

  it('ends with 2 when settings are missing, and still checks Temporal', async () => {
    const ended = await runOnboard(['doctor'], { env });
    expect(ended.code).toBe(2);
    expect(ended.stdout).toContain('GENESYS_CLIENT_ID');
    expect(ended.stdout).toContain('✓ temporal');
    expect(ended.stdout).toContain('! token');
  });

  it('names a namespace that does not exist', async () => {
    const ended = await runOnboard(['doctor'], { env: { ...env, TEMPORAL_NAMESPACE: 'nowhere' } });
    expect(ended.stdout).toMatch(/✗ temporal .*nowhere/u);
  });
});

function definition() {
  return { externalId: `g-${randomUUID()}`, displayName: 'Team_A', members: [{ id: 'u1' }] };
}

function start(group: object, ...flags: string[]) {
  return runOnboard(['start', '-', '--json', ...flags], { env, stdin: JSON.stringify(group) });
}

function sorted(list: string[]): string[] {
  return [...list].sort();
}

function states(stdout: string): Record<string, string> {
  const { checks } = JSON.parse(stdout) as { checks: { check: string; state: string }[] };
  return Object.fromEntries(checks.map(({ check, state }) => [check, state]));
}

/** A login server and a directory that gives users, and this status for the groups of the SCIM server. */
async function startTarget(groupsStatus: number) {
  const http: Server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const token = path === '/oauth/token';
    const isGroups = path.endsWith('/users/scim/groups');
    const body = token
      ? { access_token: 'token', token_type: 'bearer', expires_in: 3600 }
      : { entities: [], total: 0, message: 'no' };
    response.writeHead(isGroups ? groupsStatus : 200, { 'content-type': 'application/json' });
    request.resume().on('end', () => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    env: { GENESYS_CLIENT_ID: 'id', GENESYS_CLIENT_SECRET: 's3cret', GENESYS_API_URL: url, GENESYS_LOGIN_URL: url },
    close: () => new Promise((resolve) => http.close(resolve)),
  };
}
