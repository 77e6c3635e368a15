/**
 * Tries every run again that is blocked because of a missing permission, once an administrator has given it.
 *
 * Run it with Temporal and a worker up (`npm run dev`):
 * `node --env-file=.cache/onboarding-dev.env examples/dist/retry-blocked-runs.js`
 */
import { createOnboardingClient, OnboardingClientError } from '@scim-onboarding/onboarding-client';
import { loadEncryption } from '@scim-onboarding/payload-encryption';
import { connectClient } from '@scim-onboarding/temporal-connection';

// Reads PAYLOAD_ENCRYPTION_KEYS: the keys of the workers, or undefined where nothing is encrypted.
const temporal = await connectClient({ dataConverter: loadEncryption()?.dataConverter });
try {
  const onboarding = createOnboardingClient({ client: temporal.client });
  let found = 0;
  for await (const { workflowId, runId } of onboarding.list({ blocked: true, blockedReason: 'Forbidden' })) {
    found += 1;
    try {
      const { step } = await onboarding.resolve(workflowId, { action: 'retry' }, { runId, by: 'retry-blocked-runs' });
      console.log(`${workflowId}: goes on with ${step}`);
    } catch (error) {
      // The list lags behind the runs: somebody else may have decided meanwhile.
      if (!(error instanceof OnboardingClientError)) throw error;
      console.error(`${workflowId}: ${error.type}: ${error.message}`);
    }
  }
  console.log(`${found} runs were blocked for lack of a permission`);
} finally {
  await temporal.close();
}
