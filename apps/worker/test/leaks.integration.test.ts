import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { findLeaks } from '@scim-onboarding/payload-encryption/testing';
import { definition, startRig, WEBHOOK_SECRET, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const SECRETS = [
  'demo-secret',
  WEBHOOK_SECRET,
  WEBHOOK_SECRET.slice('whsec_'.length),
  Buffer.from('demo-client:demo-secret').toString('base64'),
];
const EMAILS = ['dev.lead@company.com', 'backend.dev@company.com', 'planted.person@example.org'];
const PERSON = 'c3d4e5f6-1111-4222-8333-123456789abc';

let rig: Rig;
beforeAll(async () => {
  const users = [
    ...(demoSeed.users ?? []),
    { id: PERSON, name: 'Planted Person', email: 'planted.person@example.org' },
  ];
  rig = await startRig({ seed: { ...demoSeed, users } });
});
afterAll(() => rig.close());

it('no secret and no e-mail is in histories, audit, webhooks or log', { timeout: 60_000 }, async () => {
  const worker = await startWorkerProcess(rig.env({ LOG_LEVEL: 'debug' }));
  const members = [...definition('x').members, { id: PERSON, email: 'planted.person@example.org' }];
  // A run that goes well, one that is refused with words of the target, and one whose token is refused.
  rig.simulator.addFault({ kind: 'drop-after-commit', match: { method: 'POST', bodyIncludes: '"leak-1"' } });
  await rig.onboarding.start(definition('leak-1', { members }));
  await rig.onboarding.result('leak-1');
  const echo = JSON.stringify({
    message: 'refused planted.person@example.org',
    code: 'x',
    access_token: 'planted-token-value',
  });
  rig.simulator.addFault({
    kind: 'respond',
    match: { method: 'POST', bodyIncludes: '"leak-2"' },
    times: 'always',
    status: 400,
    body: echo,
  });
  await rig.onboarding.start(definition('leak-2', { members }), { onFailure: 'fail' });
  await expect(rig.onboarding.result('leak-2')).rejects.toMatchObject({ type: 'RequestRefused' });
  rig.simulator.addFault({
    kind: 'respond',
    match: { path: '/oauth/token' },
    status: 200,
    body: '{"access_token":"planted-token-value","token_type":"mac"}',
  });
  rig.simulator.addFault({ kind: 'expire-tokens', match: { method: 'GET', path: 'leak-3' } });
  await rig.onboarding.start(definition('leak-3', { members }));
  await rig.onboarding.result('leak-3');
  expect(await worker.end('SIGTERM')).toBe(0);

  const histories = await Promise.all(['leak-1', 'leak-2', 'leak-3'].map(async (id) => (await rig.history(id)).json));
  const audit = await readFile(rig.auditFile, 'utf8');
  const webhooks = rig.simulator.webhooks().map(({ rawBody }) => rawBody);
  const log = worker.log.join('\n');
  expect(histories.join('').length + audit.length + webhooks.join('').length + log.length).toBeGreaterThan(20_000);
  for (const text of [...histories, audit, ...webhooks, log]) {
    expect(findLeaks(text, [...SECRETS, 'planted-token-value'])).toEqual([]);
  }
  for (const text of [...histories, audit, ...webhooks, log]) expect(findLeaks(text, EMAILS)).toEqual([]);
});
