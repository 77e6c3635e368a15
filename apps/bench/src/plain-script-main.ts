// The usual script for this: one group after another, no state, no retries but for 429. Self-contained on purpose.
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

interface Group {
  readonly externalId: string;
  readonly displayName: string;
  readonly members: readonly { readonly id: string; readonly email: string }[];
  readonly roles?: readonly string[];
}

interface Settings {
  readonly api: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhook: string;
  readonly webhookSecret: string;
}

const ALLOWED_ROLES: ReadonlySet<string> = new Set(['agent', 'supervisor']);

async function main([settingsFile = '', groupsFile = '']: readonly string[]): Promise<void> {
  const settings = JSON.parse(await readFile(settingsFile, 'utf8')) as Settings;
  const groups = JSON.parse(await readFile(groupsFile, 'utf8')) as Group[];
  const token = await fetchToken(settings);
  const before = process.cpuUsage();
  const begun = performance.now();
  const latencies: number[] = [];
  for (const group of groups) {
    const started = performance.now();
    await onboard(group, settings, token);
    latencies.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begun) / 1000;
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ seconds, latencies, cpuMs: (user + system) / 1000, peakRssMb })}\n`);
}

async function onboard(group: Group, settings: Settings, token: string): Promise<void> {
  validate(group);
  checkRoles(group);
  await checkMembers(group, settings, token);
  const groupId = await create(group, settings, token);
  await notify(group, groupId, settings);
}

function validate({ externalId, displayName, members }: Group): void {
  if (externalId === '' || displayName === '') throw new Error('externalId and displayName are needed');
  if (new Set(members.map(({ id }) => id)).size !== members.length) throw new Error(`${externalId}: a member twice`);
}

function checkRoles({ externalId, roles = [] }: Group): void {
  const refused = roles.filter((role) => !ALLOWED_ROLES.has(role));
  if (refused.length > 0) throw new Error(`${externalId}: roles that are not allowed: ${refused.join(', ')}`);
}

async function checkMembers({ externalId, members }: Group, { api }: Settings, token: string): Promise<void> {
  const ids = members.map(({ id }) => id).join(',');
  const response = await call(`${api}/api/v2/users?pageSize=500&id=${ids}`, { headers: bearer(token) });
  const { entities } = (await response.json()) as { entities: { id: string }[] };
  if (entities.length !== members.length) throw new Error(`${externalId}: members that the directory does not know`);
}

async function create(group: Group, { api }: Settings, token: string): Promise<string> {
  const { externalId, displayName, members } = group;
  const response = await call(`${api}/api/v2/users/scim/groups`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      externalId,
      displayName,
      members: members.map(({ id, email }) => ({ value: id, display: email })),
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

async function notify({ externalId, displayName }: Group, groupId: string, settings: Settings): Promise<void> {
  const type = 'scim.group.created';
  const body = JSON.stringify({ event: type, type, data: { groupId, externalId, displayName } });
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(settings.webhookSecret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const response = await call(settings.webhook, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  await response.arrayBuffer();
}

async function fetchToken({ api, clientId, clientSecret }: Settings): Promise<string> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const response = await call(`${api}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials' }).toString(),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Without waiting at 429 the script would end at the limit, and there would be nothing to compare. */
async function call(url: string, init: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    if (response.status !== 429) throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status}: ${text}`);
    const seconds = Number(response.headers.get('retry-after') ?? '1');
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

await main(process.argv.slice(2));
