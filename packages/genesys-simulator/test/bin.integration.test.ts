import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { controlOf } from '../src/index.ts';
import { send, start } from './support/client.ts';

// The compiled command: what people start is tested, not its source.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const children: ChildProcess[] = [];

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], { env });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, exited };
}

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

describe('genesys-simulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints its URL, serves, and ends on %s', async (signal) => {
    const { child, output, exited } = run(['--log'], {
      GENESYS_CLIENT_ID: 'me',
      GENESYS_CLIENT_SECRET: 'mine',
      SIMULATOR_RATE_LIMIT: '7',
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    expect(await controlOf(listening).health()).toEqual({ status: 'ok', users: 12, groups: 3 });
    const authorization = `Basic ${Buffer.from('me:mine').toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    expect((await send(`${listening}/oauth/token`, { method: 'POST', headers: { authorization }, body })).status).toBe(
      200,
    );
    expect((await send(`${listening}/api/v2/users`)).headers.get('inin-ratelimit-allowed')).toBe('7');
    await expect.poll(() => output.stderr).toMatch(/POST \/oauth\/token 200 [\d.]+ms\n.*GET \/api\/v2\/users 401/);
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(output.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('serves the APIs it is told to, at the path it is told', async () => {
    const { child } = run(['--api', 'published'], { SIMULATOR_API: 'scim' });
    const other = run([], { SIMULATOR_API: 'scim', SCIM_BASE_PATH: '/scim/v9' });
    const urlOf = async (one: ChildProcess): Promise<string> => {
      const [line] = (await once(createInterface(one.stdout as Readable), 'line')) as [string];
      return (JSON.parse(line) as { listening: string }).listening;
    };
    const [published, scim] = await Promise.all([urlOf(child), urlOf(other.child)]);
    const statuses = async (url: string): Promise<number[]> => {
      const authorization = `Basic ${Buffer.from('demo-client:demo-secret').toString('base64')}`;
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const { json } = await send(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
      const headers = { authorization: `Bearer ${json.access_token}` };
      const paths = ['/api/v2/groups', '/api/v2/scim/v2/groups', '/scim/v9/groups'];
      return Promise.all(paths.map(async (path) => (await send(`${url}${path}`, { headers })).status));
    };
    expect(await statuses(published)).toEqual([200, 200, 404]);
    expect(await statuses(scim)).toEqual([404, 404, 200]);
  });

  it('explains a wrong flag and exits with 2', async () => {
    const { output, exited } = run(['--prot', '1']);
    expect(await exited).toBe(2);
    expect(output.stderr).toContain("genesys-simulator: Unknown option '--prot'");
    expect(output.stderr).toContain('--rate-limit n');
    expect(output.stdout).toBe('');
  });

  it('prints help', async () => {
    const { output, exited } = run(['--help']);
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('SIMULATOR_PORT');
  });

  it('exits with 1 when the port is taken', async () => {
    const { url } = await start();
    const { output, exited } = run(['--port', new URL(url).port]);
    expect(await exited).toBe(1);
    expect(output.stderr).toContain('EADDRINUSE');
  });
});
