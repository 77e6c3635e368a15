/**
 * `npm run compose:smoke`: builds the images, brings docker-compose.yml up under a project name of its own, onboards
 * one group through it, checks the outcome and takes everything down again, volumes and images included.
 *
 * Needs Docker with Compose v2. Ports are chosen by Docker, so a stack that runs already is not touched.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = `onboarding-smoke-${randomBytes(4).toString('hex')}`;
const definition = 'examples/engineering-team-alpha.json';

// Port 0 on the host side: Docker takes a free one.
const ports = { TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0', SIMULATOR_PORT: '0', WORKER_HEALTH_PORT: '0' };

/** Runs `docker compose` and resolves with its standard output. Throws when it fails, with the command in the message. */
function compose(args, { capture = false } = {}) {
  const command = ['compose', '--project-name', project, ...args];
  console.log(`$ docker ${command.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn('docker', command, {
      cwd: root,
      env: { ...process.env, ...ports },
      stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.once('error', (error) => reject(new Error(`docker could not be started: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`docker ${command.join(' ')} ended with ${code}${output ? `:\n${output}` : ''}`));
    });
  });
}

/** The command prints one JSON document; Compose may write lines of its own before it. */
function parseResult(output) {
  const start = output.indexOf('{');
  if (start < 0) throw new Error(`The command printed no JSON:\n${output}`);
  return JSON.parse(output.slice(start));
}

async function onboard() {
  const args = ['run', '--rm', '--no-TTY', 'starter', 'start', definition, '--wait', '--json'];
  const result = parseResult(await compose(args, { capture: true }));
  return result.result?.outcome;
}

function expectOutcome(actual, expected) {
  if (actual !== expected) throw new Error(`Expected the outcome "${expected}", got ${JSON.stringify(actual)}.`);
  console.log(`ok: outcome ${actual}`);
}

// Compose runs in the foreground process group: a signal ends it first, then the `finally` below takes the stack down.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.error(`${signal}: taking the stack down`));

try {
  await compose(['--profile', 'tools', 'build']);
  await compose(['up', '--detach', '--wait', '--wait-timeout', '180']);
  await compose(['ps']);
  expectOutcome(await onboard(), 'created');
  // The same definition again writes nothing.
  expectOutcome(await onboard(), 'unchanged');
} catch (error) {
  console.error(`FAILED: ${error.message}`);
  process.exitCode = 1;
  await compose(['logs', '--no-color', '--tail', '80']).catch(() => undefined);
} finally {
  await compose([
    '--profile',
    'tools',
    'down',
    '--volumes',
    '--remove-orphans',
    '--rmi',
    'local',
    '--timeout',
    '45',
  ]).catch((error) => {
    console.error(`FAILED to take the stack down: ${error.message}`);
    process.exitCode = 1;
  });
}
