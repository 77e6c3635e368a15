import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { conversation, definition, startRig, writes, type Rig } from './support/rig.ts';
import { failure, GROUPS, groupsOf, onboard, recordsOf, webhooksOf } from './support/scenario.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  await rig.work();
});
afterAll(() => rig.close());

describe('a throttled target', () => {
  it('is waited for as it asks, in seconds and by date', async () => {
    rig.simulator.addFault({
      kind: 'rate-limited',
      match: { method: 'POST', bodyIncludes: '"storm-1"' },
      retryAfterSeconds: 1,
      form: 'seconds',
    });
    rig.simulator.addFault({
      kind: 'rate-limited',
      match: { method: 'POST', bodyIncludes: '"storm-1"' },
      retryAfterSeconds: 2,
      form: 'http-date',
    });
    rig.simulator.addFault({
      kind: 'rate-limited',
      match: { method: 'POST', bodyIncludes: '"storm-1"' },
      form: 'none',
    });
    const { result, requests } = await onboard(rig, definition('storm-1'));
    expect(result).toMatchObject({ outcome: 'created' });
    const posts = requests.filter(({ method, path }) => method === 'POST' && path === GROUPS);
    expect(posts.map(({ status }) => status)).toEqual([429, 429, 429, 201]);
    const gap = (index: number): number => Date.parse(posts[index + 1]?.at ?? '') - Date.parse(posts[index]?.at ?? '');
    expect(gap(0)).toBeGreaterThanOrEqual(1000);
    // An HTTP date has whole seconds, so up to one of the two is lost.
    expect(gap(1)).toBeGreaterThanOrEqual(900);
    expect(groupsOf(rig, 'storm-1')).toHaveLength(1);
    await rig.replay('storm-1', 'throttled');
  });
});

describe('an unclear outcome', () => {
  const cases = {
    'a cut connection': { kind: 'drop-after-commit' },
    'a 429 after the work was done': { kind: 'commit-then-respond', status: 429, headers: { 'retry-after': '1' } },
    'a 500': { kind: 'commit-then-respond', status: 500 },
    'a 502 with HTML': {
      kind: 'commit-then-respond',
      status: 502,
      body: '<html>bad gateway</html>',
      contentType: 'text/html',
    },
    'a 503': { kind: 'commit-then-respond', status: 503 },
    'a 504': { kind: 'commit-then-respond', status: 504 },
    'malformed JSON': {
      kind: 'commit-then-respond',
      status: 201,
      body: '{"id": "x',
      contentType: 'application/scim+json',
    },
    'HTML with status 200': {
      kind: 'commit-then-respond',
      status: 200,
      body: '<!doctype html><p>sign in',
      contentType: 'text/html',
    },
    'an empty body': { kind: 'commit-then-respond', status: 201, body: '' },
    'JSON that is no group': {
      kind: 'commit-then-respond',
      status: 201,
      body: '{"ok":true}',
      contentType: 'application/json',
    },
  } as const;

  it.each(Object.entries(cases))('%s does not make a second group, nor a second POST', async (name, fault) => {
    const externalId = `unclear-${name.replaceAll(' ', '-')}`;
    rig.simulator.addFault({ ...fault, match: { method: 'POST', bodyIncludes: `"${externalId}"` } });
    const { result, requests } = await onboard(rig, definition(externalId, { displayName: externalId }));
    expect(result).toMatchObject({ outcome: 'created', recovered: true, members: { missing: 0 } });
    expect(groupsOf(rig, externalId)).toHaveLength(1);
    expect(writes(requests)).toHaveLength(1);
    expect(webhooksOf(rig, externalId)).toHaveLength(1);
    if (name === 'a cut connection') await rig.replay(externalId, 'recovered');
  });

  it.each([
    ['a 503', { kind: 'respond', status: 503 }],
    // The Temporal server takes a delay of 0 for the end of all tries.
    ['a 503 with Retry-After 0', { kind: 'respond', status: 503, headers: { 'retry-after': '0' } }],
    ['a connection cut before the work', { kind: 'drop-before' }],
  ] as const)('%s is followed by a look-up and then a second POST', async (name, fault) => {
    const externalId = `lost-${name.replaceAll(' ', '-')}`;
    rig.simulator.addFault({ ...fault, match: { method: 'POST', bodyIncludes: `"${externalId}"` } });
    const { result, requests } = await onboard(rig, definition(externalId, { displayName: externalId }));
    expect(result).toMatchObject({ outcome: 'created', recovered: false });
    expect(groupsOf(rig, externalId)).toHaveLength(1);
    const lines = conversation(requests).filter((line) => line.includes('/groups'));
    const posts = lines.flatMap((line, index) => (line.startsWith('POST') ? [index] : []));
    expect(posts).toHaveLength(2);
    expect(lines.slice((posts[0] ?? 0) + 1, posts[1])).toEqual([
      `GET ${GROUPS}?filter=externalId eq "${externalId}"&startIndex=1&count=100 → 200`,
    ]);
  });
});

describe('an activity that is reset', () => {
  it('looks for its group before it sends a second POST, also when its heartbeat is reset too', async () => {
    rig.simulator.addFault({
      kind: 'commit-then-respond',
      match: { method: 'POST', bodyIncludes: '"reset-1"' },
      status: 503,
      headers: { 'retry-after': '60' },
    });
    const { workflowId, runId } = await rig.onboarding.start(definition('reset-1'));
    const pending = async (): Promise<string[]> =>
      (await rig.onboarding.status('reset-1')).pendingActivities.map(
        ({ activityId, attempt }) => `${activityId} ${attempt}`,
      );
    await expect.poll(pending, { timeout: 15_000, interval: 50 }).toEqual(['create-group 2']);
    await rig.client.workflowService.resetActivity({
      namespace: rig.server.namespace,
      execution: { workflowId, runId },
      id: 'create-group',
      resetHeartbeat: true,
    });
    await expect(rig.onboarding.result(workflowId)).resolves.toMatchObject({ outcome: 'created', recovered: true });
    expect(groupsOf(rig, 'reset-1')).toHaveLength(1);
    const sent = rig.simulator.requests().filter(({ body }) => JSON.stringify(body)?.includes('"reset-1"'));
    expect(sent.filter(({ method, path }) => method === 'POST' && path === GROUPS)).toHaveLength(1);
  });
});

describe('reading back', () => {
  it('waits for a group that is not visible yet', async () => {
    // The demo ids of users are no group ids, so only the read-back of the new group is met.
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'GET', path: `${GROUPS}/` },
      times: 2,
      status: 404,
      body: '{"detail":"not yet"}',
    });
    const { result } = await onboard(rig, definition('lag-1'));
    expect(result).toMatchObject({ outcome: 'created' });
    expect(groupsOf(rig, 'lag-1')).toHaveLength(1);
  });
});

describe('tokens', () => {
  it('are renewed once after a 401', async () => {
    rig.simulator.addFault({ kind: 'expire-tokens', match: { method: 'POST', bodyIncludes: '"expired-1"' } });
    const { result, requests } = await onboard(rig, definition('expired-1'));
    expect(result).toMatchObject({ outcome: 'created', recovered: false });
    expect(
      requests.filter(({ path, method }) => method === 'POST' && path === GROUPS).map(({ status }) => status),
    ).toEqual([401, 201]);
    expect(requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
  });

  it('of a rate-limited token endpoint are asked for again', async () => {
    rig.simulator.addFault({ kind: 'expire-tokens', match: { method: 'GET', path: 'tokenlimit-1' } });
    rig.simulator.addFault({ kind: 'token-rate-limited', match: { path: '/oauth/token' } });
    const { result } = await onboard(rig, definition('tokenlimit-1'));
    expect(result).toMatchObject({ outcome: 'created' });
  });
});

describe('refusals by the target', () => {
  it.each([
    [403, '{"message":"no","code":"missing.permissions","status":403}', 'Forbidden', 'directory:group:add'],
    [413, '{"message":"too large","code":"request.entity.too.large"}', 'PayloadTooLarge', 'too large'],
    [400, '{"detail":"bad name","scimType":"invalidValue"}', 'RequestRefused', 'bad name'],
  ])('status %i is final and says what to do', async (status, body, type, words) => {
    const externalId = `refused-${status}`;
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'POST', bodyIncludes: `"${externalId}"` },
      times: 'always',
      status,
      body,
    });
    const error = await failure(rig, definition(externalId));
    expect(error.type).toBe(type);
    expect(error.message).toContain(words);
    expect(error.message).toContain(`POST ${rig.simulator.url}${GROUPS}`);
    expect(groupsOf(rig, externalId)).toEqual([]);
    expect(await recordsOf(rig, externalId)).toMatchObject([{ status: 'failure', failure: { type } }]);
  });

  it('a list answered with HTML leads to no POST', async () => {
    const before = rig.simulator.requests().length;
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'GET', path: 'html-1' },
      times: 2,
      status: 200,
      body: '<html>login</html>',
      contentType: 'text/html',
    });
    const { result } = await onboard(rig, definition('html-1'));
    expect(result.outcome).toBe('created');
    const lines = conversation(rig.simulator.requests().slice(before)).filter((line) => line.includes('/groups'));
    expect(lines.findIndex((line) => line.startsWith('POST'))).toBeGreaterThan(2);
  });
});

describe('the webhook', () => {
  it('is repeated when the receiver asks for it at once', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"at-once-1"' },
      status: 429,
      headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' },
    });
    const { result } = await onboard(rig, definition('at-once-1'));
    expect(result.webhook).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('is repeated with the same id and a new timestamp until the receiver takes it', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"flaky-1"' },
      status: 503,
      headers: { 'retry-after': '1' },
    });
    const { result } = await onboard(rig, definition('flaky-1'));
    expect(result.webhook).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(groupsOf(rig, 'flaky-1')).toHaveLength(1);
    expect(webhooksOf(rig, 'flaky-1')).toMatchObject([
      { signatureValid: true, headers: { 'webhook-id': result.webhook.id } },
    ]);
  });

  it('that is refused for good does not fail or repeat the group', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"gone-1"' },
      times: 'always',
      status: 410,
    });
    const { result, requests } = await onboard(rig, definition('gone-1'));
    expect(result).toMatchObject({ outcome: 'created', webhook: { state: 'undelivered', attempts: 1 } });
    expect(result.webhook.reason).toContain('410');
    expect(writes(requests)).toHaveLength(1);
    expect(await recordsOf(rig, 'gone-1')).toMatchObject([{ status: 'success', webhook: { state: 'undelivered' } }]);
    await rig.replay('gone-1', 'webhook-undelivered');
  });

  it('that was given up is sent again by a reset, with the same id and a record of its own', async () => {
    const gone = { path: '/hris/webhook', bodyIncludes: '"again-1"' };
    rig.simulator.addFault({ kind: 'respond', match: gone, status: 410 });
    const { result } = await onboard(rig, definition('again-1'));
    expect(result.webhook.state).toBe('undelivered');
    const since = rig.simulator.requests().length;
    const { runId } = await rig.onboarding.reset('again-1', { toStep: 'send-webhook', reason: 'the HRIS is back' });
    const again = await rig.onboarding.result('again-1', { runId });
    expect(again).toMatchObject({
      outcome: 'created',
      groupId: result.groupId,
      webhook: { state: 'delivered', id: result.webhook.id },
    });
    expect(writes(rig.simulator.requests().slice(since))).toEqual([]);
    expect((await recordsOf(rig, 'again-1')).map((record) => record.webhook?.state)).toEqual([
      'undelivered',
      'delivered',
    ]);
  });
});
