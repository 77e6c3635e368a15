import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { poll } from './poll.ts';

/** The workflow code of the real worker, as its build bundled it. */
const BUNDLE = fileURLToPath(new URL('../../worker/dist/onboarding-workflows.bundle.js', import.meta.url));

/** What the activities of a group that is new answer. Nothing is asked of anybody, and nothing is written. */
const activities = {
  validateGroup: () =>
    Promise.resolve({
      byExternalId: [],
      byName: [],
      listedAll: false,
      target: 'none',
      webhook: { giveUpAfterSeconds: 60 },
    }),
  createGroup: () => {
    const displayName = 'Empty';
    const verified = { displayName, missing: 0, missingIds: [] };
    const group = { groupId: randomUUID(), displayName };
    return Promise.resolve({ kind: 'created', group, recovered: false, complete: true, verified });
  },
  sendWebhook: () => Promise.resolve({ attempts: 1 }),
  describeWebhook: () => Promise.resolve(null),
  recordAudit: () => Promise.resolve(),
};

await poll({ workflowBundle: { codePath: BUNDLE } }, activities);
