/**
 * Starts the onboarding of engineering-team-alpha.json from a program, and prints the result.
 *
 * Run it with Temporal, a worker and a target up (`npm run dev`):
 * `node --env-file=.cache/onboarding-dev.env examples/dist/start-from-a-service.js`
 */
import { readFile } from 'node:fs/promises';
import { createOnboardingClient, OnboardingClientError } from '@scim-onboarding/onboarding-client';
import { loadEncryption } from '@scim-onboarding/payload-encryption';
import { connectClient } from '@scim-onboarding/temporal-connection';

const DEFINITION = new URL('../engineering-team-alpha.json', import.meta.url);

// Reads PAYLOAD_ENCRYPTION_KEYS: the keys of the workers, or undefined where nothing is encrypted.
const temporal = await connectClient({ dataConverter: loadEncryption()?.dataConverter });
try {
  const onboarding = createOnboardingClient({ client: temporal.client });
  const run = await onboarding.start(JSON.parse(await readFile(DEFINITION, 'utf8')), {
    requestedBy: 'start-from-a-service',
  });
  console.log(`${run.joined ? 'Joined' : 'Started'} ${run.workflowId}, run ${run.runId}`);
  const result = await run.result({ deadlineMs: 60_000 });
  console.log(`${result.outcome}: group ${result.groupId} with ${result.members.requested} members`);
} catch (error) {
  if (!(error instanceof OnboardingClientError)) throw error;
  console.error(`${error.type}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
} finally {
  await temporal.close();
}
