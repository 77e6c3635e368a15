import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterEach, describe, expect, it } from 'vitest';

import { payloadFromJson, payloadToJson, type PayloadJson } from '../src/codec-server/payload-json.ts';
import {
  createEncryptionCodec,
  DEVELOPMENT_KEYS,
  parseKeyRing,
  startCodecServer,
  type CodecServer,
  type CodecServerOptions,
} from '../src/index.ts';

const UI = 'http://127.0.0.1:8233';
const TOKEN = 'token-of-the-codec-server';
const codec = createEncryptionCodec(parseKeyRing(DEVELOPMENT_KEYS, 'S'));
const servers: CodecServer[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

async function start(options: Partial<CodecServerOptions> = {}): Promise<string> {
  const server = await startCodecServer({ codec, origins: [UI], ...options });
  servers.push(server);
  return server.url;
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
}

async function encrypted(value: unknown): Promise<PayloadJson[]> {
  return (await codec.encode([defaultPayloadConverter.toPayload(value)])).map(payloadToJson);
}

async function values(response: Response): Promise<unknown[]> {
  expect(response.status).toBe(200);
  const { payloads } = (await response.json()) as { payloads: PayloadJson[] };
  return payloads.map((payload) => defaultPayloadConverter.fromPayload(payloadFromJson(payload)));
}

describe('codec server', () => {
  it('decodes and encodes', async () => {
    const url = await start();
    const decoded = await post(`${url}/decode`, { payloads: await encrypted({ a: 'secret' }) });
    expect(decoded.headers.get('cache-control')).toBe('no-store');
    expect(await values(decoded)).toEqual([{ a: 'secret' }]);

    const payload = payloadToJson(defaultPayloadConverter.toPayload('from the UI'));
    const answer = (await (await post(`${url}/encode`, { payloads: [payload] })).json()) as { payloads: PayloadJson[] };
    expect(Buffer.from(answer.payloads[0]?.metadata?.['encoding'] ?? '', 'base64').toString()).toBe('binary/encrypted');
    const [back] = await codec.decode(answer.payloads.map(payloadFromJson));
    expect(defaultPayloadConverter.fromPayload(back ?? {})).toBe('from the UI');
  });

  it('gives plain payloads back as they came, and takes an empty list', async () => {
    const url = await start();
    const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg' }, data: 'Ij8_Ig', later: { field: 1 } }];
    expect(await (await post(`${url}/decode`, { payloads })).json()).toEqual({ payloads });
    expect(await (await post(`${url}/decode`, {})).json()).toEqual({ payloads: [] });
  });

  it('reports calls without their content', async () => {
    const calls: unknown[] = [];
    const url = await start({ onCall: (call) => calls.push(call) });
    await values(
      await post(`${url}/decode`, { payloads: await encrypted('x') }, { 'x-namespace': 'prod', origin: UI }),
    );
    await expect.poll(() => calls).toEqual([{ operation: 'decode', namespace: 'prod', origin: UI, payloads: 1 }]);
  });

  it('serves the pages of its origins and no others', async () => {
    const url = await start();
    const preflight = (origin: string) =>
      fetch(`${url}/decode`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-namespace,authorization',
        },
      });
    const allowed = await preflight(UI);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-type.*x-namespace/);
    expect(allowed.headers.get('vary')).toBe('origin');

    const refused = await preflight('http://evil.example');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();

    const payloads = await encrypted('x');
    const read = await post(`${url}/decode`, { payloads }, { origin: UI });
    expect(read.headers.get('access-control-allow-origin')).toBe(UI);
    for (const origin of ['http://evil.example', 'null', url]) {
      const other = await post(`${url}/decode`, { payloads }, { origin });
      expect(other.status, origin).toBe(403);
      expect(await other.text()).not.toContain('payloads');
    }
  });

  it('asks for the token, also without an origin; the page may read the refusal', async () => {
    const url = await start({ token: TOKEN });
    const payloads = await encrypted('x');
    const call = (headers: Record<string, string>) => post(`${url}/decode`, { payloads }, headers);
    const refused = await call({ origin: UI });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(UI);
    for (const authorization of [TOKEN, `Bearer ${TOKEN}x`, 'Bearer ', `Basic ${TOKEN}`]) {
      expect((await call({ authorization })).status, authorization).toBe(401);
    }
    expect(await values(await call({ authorization: `Bearer ${TOKEN}` }))).toEqual(['x']);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('serves the namespaces it is for', async () => {
    const url = await start({ namespaces: ['prod'] });
    const payloads = await encrypted('x');
    expect((await post(`${url}/decode`, { payloads })).status).toBe(403);
    expect((await post(`${url}/decode`, { payloads }, { 'x-namespace': 'dev' })).status).toBe(403);
    expect((await post(`${url}/prod/decode`, { payloads }, { 'x-namespace': 'prod' })).status).toBe(200);
  });

  it('says which key is missing, and that a payload was changed', async () => {
    const other = createEncryptionCodec(parseKeyRing(`gone:${Buffer.alloc(32, 7).toString('base64')}`, 'S'));
    const [stored] = await other.encode([defaultPayloadConverter.toPayload('x')]);
    const url = await start();
    const missing = await post(`${url}/decode`, { payloads: [payloadToJson(stored ?? {})] });
    expect(missing.status).toBe(422);
    expect(await missing.text()).toContain('encrypted with the key \\"gone\\"');

    const [payload] = await encrypted('x');
    const changed = await post(`${url}/decode`, { payloads: [{ ...payload, data: `AAAA${payload?.data?.slice(4)}` }] });
    expect(changed.status).toBe(422);
    expect(await changed.text()).toContain('cannot be decrypted');
  });

  it('refuses what is not payloads', async () => {
    const url = await start();
    const status = async (body: unknown, path = 'decode') => (await post(`${url}/${path}`, body)).status;
    expect(await status('{')).toBe(400);
    expect(await status({ payloads: [{ data: 'ä' }] })).toBe(400);
    expect(await status({ payloads: [{ metadata: { encoding: 1 } }] })).toBe(400);
    expect(await status({}, 'other')).toBe(404);
    expect((await fetch(`${url}/decode`)).status).toBe(405);
    expect(await status(`"${'x'.repeat(8 * 1024 * 1024)}"`)).toBe(413);
    const stream = new Blob(Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024))).stream();
    const chunked = await fetch(`${url}/decode`, { method: 'POST', body: stream, duplex: 'half' } as RequestInit).then(
      (response) => response.status,
      () => 'closed',
    );
    // The client may notice the closed connection before it reads the answer.
    expect([413, 'closed']).toContain(chunked);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it.each(['0.0.0.0', '::', 'codec.example', '10.0.0.1'])('does not listen on %s without a token', async (host) => {
    await expect(startCodecServer({ codec, host })).rejects.toThrow('only with CODEC_SERVER_TOKEN');
  });

  it('hides an error of its own', async () => {
    const errors: unknown[] = [];
    const broken = {
      encode: () => Promise.reject(new Error('inner')),
      decode: () => Promise.reject(new Error('inner')),
    };
    const url = await start({ codec: broken, onError: (error) => errors.push(error) });
    const answer = await post(`${url}/decode`, {});
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('inner');
    expect(errors).toHaveLength(1);
  });
});

// The compiled command: what people start is tested, not its source.
describe('bin', () => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

  function run(env: Record<string, string>, args: string[] = []) {
    const child = spawn(process.execPath, [main, ...args], { env });
    children.push(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const exited = once(child, 'close').then(([code]) => code as number | null);
    return { child, output, exited };
  }

  it('prints its URL, decodes, logs calls without content, and ends on SIGTERM', async () => {
    const { child, output, exited } = run({ PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS, CODEC_SERVER_PORT: '0' });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    const payloads = await encrypted('the-secret');
    expect(await values(await post(`${listening}/decode`, { payloads }, { 'x-namespace': 'prod' }))).toEqual([
      'the-secret',
    ]);
    await expect.poll(() => output.stderr).toMatch(/"operation":"decode","namespace":"prod","payloads":1/);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output.stdout + output.stderr).not.toContain('the-secret');
    expect(output.stderr).not.toMatch(/Warning/);
  });

  it('explains a wrong setting without its value and exits with 2', async () => {
    const { output, exited } = run({ PAYLOAD_ENCRYPTION_KEYS: 'dont-print-me' });
    expect(await exited).toBe(2);
    expect(output.stderr).toContain('codec-server: PAYLOAD_ENCRYPTION_KEYS: entry 1');
    expect(output.stderr).not.toContain('dont-print-me');
    const open = run({ PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS, CODEC_SERVER_HOST: '0.0.0.0' });
    expect(await open.exited).toBe(2);
    expect(open.output.stderr).toContain('only with CODEC_SERVER_TOKEN');
  });

  it('exits with 1 when the port is taken', async () => {
    const { port } = new URL(await start());
    const { output, exited } = run({ PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS, CODEC_SERVER_PORT: port });
    expect(await exited).toBe(1);
    expect(output.stderr).toContain('EADDRINUSE');
  });

  it('prints help', async () => {
    const { output, exited } = run({}, ['--help']);
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('CODEC_SERVER_ORIGINS');
  });
});
