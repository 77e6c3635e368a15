/**
 * `node scripts/screenshots.mjs [folder]`: takes the pictures of docs/operations.md. Starts a Temporal dev server with its UI, the simulator
 * and a worker, makes onboardings that were created, are blocked, and wait for the HRIS, and takes pictures of the UI with a Chromium that is
 * found on PATH. Run `npm run build` before. Nothing is encrypted: the pictures show what a UI with a codec server shows.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { demoSeed, startSimulator } from '../packages/genesys-simulator/dist/index.js';
import { createOnboardingClient } from '../packages/onboarding-client/dist/index.js';
import { SEARCH_ATTRIBUTE_TYPES } from '../packages/onboarding-contract/dist/index.js';
import { connectClient, devServerEnvironment, startDevServer } from '../packages/temporal-connection/dist/index.js';
import { openPage } from './headless-browser.mjs';

const WORKER = fileURLToPath(new URL('../apps/worker/dist/main.js', import.meta.url));
const IMAGES = process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url));
const WIDTH = 1440;
const HEIGHT = 1000;
const MAX_BYTES = 300_000;
/** Where the UI keeps which columns a person chose for the list. */
const COLUMNS = JSON.stringify({
  default: ['Status', 'Workflow ID', 'OnboardingStage', 'BlockedReason', 'OnboardingTenant'].map((label) => ({
    label,
  })),
});
/** Time that the UI gets to draw what it has. */
const SETTLE_MS = 1_500;

const members = demoSeed.users.slice(0, 3).map(({ id, email }) => ({ id, email }));
const team = (externalId, displayName) => ({ externalId, displayName, members });

async function main() {
  const ending = [];
  try {
    const { onboarding, uiUrl } = await startStack(ending);
    const runs = await makeOnboardings(onboarding);
    const page = await openPage({ width: WIDTH, height: HEIGHT });
    ending.push(() => page.close());
    await page.before(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(COLUMNS)})`);
    await mkdir(IMAGES, { recursive: true });
    for (const [name, take] of Object.entries(scenes({ page, uiUrl, ...runs }))) await save(name, await take());
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function startStack(ending) {
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
  ending.push(() => rm(folder, { recursive: true, force: true }));
  const simulator = await startSimulator({
    seed: { ...demoSeed, groups: [{ displayName: 'Finance_Team', externalId: 'hris_grp_1207' }] },
  });
  ending.push(() => simulator.close());
  simulator.addFault({
    kind: 'respond',
    status: 403,
    match: { method: 'POST', bodyIncludes: '"Legal_Team"' },
    times: 'always',
    body: JSON.stringify({ status: '403', detail: 'Missing permission groups:group:add' }),
  });
  simulator.addFault({
    kind: 'respond',
    status: 503,
    match: { path: '/hris/webhook', bodyIncludes: '"hris_grp_8844"' },
    times: 'always',
  });
  const temporal = await startDevServer({ ui: true, searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  ending.push(() => temporal.stop());
  await startWorker(ending, folder, {
    PATH: process.env['PATH'],
    ...devServerEnvironment(temporal),
    GENESYS_CLIENT_ID: 'demo-client',
    GENESYS_CLIENT_SECRET: 'demo-secret',
    GENESYS_API_URL: simulator.url,
    GENESYS_LOGIN_URL: simulator.url,
    GENESYS_GROUPS_API: 'scim',
    HRIS_WEBHOOK_URL: simulator.webhookUrl,
    AUDIT_LOG_FILE: join(folder, 'audit.jsonl'),
    WORKER_SHUTDOWN_GRACE_SECONDS: '1',
  });
  const client = await connectClient({ env: devServerEnvironment(temporal) });
  ending.push(() => client.close());
  return { onboarding: createOnboardingClient({ client: client.client }), uiUrl: temporal.uiUrl };
}

async function startWorker(ending, cwd, env) {
  const child = spawn(process.execPath, [WORKER], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  ending.push(() => {
    child.kill('SIGTERM');
    return ended;
  });
  await new Promise((resolve, reject) => {
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      log = (log + chunk).slice(-10_000);
      if (log.includes('"msg":"polling"')) resolve();
    });
    void ended.then((code) => reject(new Error(`the worker ended with ${code}:\n${log}`)));
  });
}

/** Makes the runs that the pictures show: one that waits for a person because of its name, one whose HRIS does not answer, others. */
async function makeOnboardings(onboarding) {
  const options = { requestedBy: 'hris-sync' };
  const example = JSON.parse(
    await readFile(new URL('../examples/engineering-team-alpha.json', import.meta.url), 'utf8'),
  );
  for (const definition of [example, team('hris_grp_8843', 'Support_Team')]) {
    await (await onboarding.start(definition, options)).result();
  }
  const blocked = await onboarding.start(team('hris_grp_8846', 'Finance_Team'), options);
  const others = [
    await onboarding.start(team('hris_grp_8847', 'Legal_Team'), { ...options, tenant: 'acme' }),
    await onboarding.start(team('hris_grp_8844', 'Sales_Team'), options),
  ];
  for (const { workflowId } of [blocked, others[0]]) await untilStage(onboarding, workflowId, 'blocked');
  await untilStage(onboarding, others[1].workflowId, 'notifying');
  return { blocked, retrying: others[1] };
}

async function untilStage(onboarding, workflowId, stage) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(200)) {
    const status = await onboarding.status(workflowId);
    if (JSON.stringify(status).includes(`"${stage}"`)) return;
  }
  throw new Error(`${workflowId} does not come to the stage ${stage}`);
}

/** What each picture shows, by file name. */
function scenes({ page, uiUrl, blocked, retrying }) {
  const runPage = ({ workflowId, runId }) =>
    `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${runId}`;
  const query = encodeURIComponent('`OnboardingStage`="blocked"');
  const shows = (text) => `document.body.innerText.includes(${JSON.stringify(text)})`;
  return {
    async 'blocked-list'() {
      await page.goto(`${uiUrl}/namespaces/default/workflows?query=${query}`);
      await page.until(shows(blocked.workflowId), 'the blocked run');
      await sleep(SETTLE_MS);
      return page.screenshot({ height: 560 });
    },
    async 'blocked-details'() {
      // The UI draws Markdown in frames.
      await page.goto(`${runPage(blocked)}/user-metadata`);
      await page.until('document.querySelectorAll("iframe").length > 1', 'the details of the run');
      await sleep(SETTLE_MS);
      return page.screenshot({ height: 1400 });
    },
    async 'blocked-timeline'() {
      await page.goto(`${runPage(blocked)}/timeline`);
      await page.until(shows('blocked at validate-group'), 'the timeline');
      await sleep(SETTLE_MS);
      return page.screenshot();
    },
    async 'webhook-pending'() {
      await page.goto(`${runPage(retrying)}/pending-activities`);
      await page.until(shows('send-webhook'), 'the pending step');
      await sleep(SETTLE_MS);
      // Below it is a stack trace, with the paths of this machine.
      return page.screenshot({ height: 765 });
    },
    async 'resolve-form'() {
      await page.goto(`${runPage(blocked)}/user-metadata`);
      await page.click('button', 'More Actions');
      await page.click('[role=menuitem], button', 'Send an Update');
      await page.click('[data-testid=update-select-button]');
      await page.click('[role=option]', 'resolve');
      await page.type('{"action":"retry","by":"ops"}', 'dialog [contenteditable=true]');
      await sleep(SETTLE_MS);
      return page.screenshot();
    },
  };
}

async function save(name, png) {
  if (png.length > MAX_BYTES) throw new Error(`${name}.png has ${png.length} bytes; ${MAX_BYTES} are allowed`);
  await writeFile(join(IMAGES, `${name}.png`), png);
  process.stdout.write(`${name}.png ${png.length} bytes\n`);
}

await main();
