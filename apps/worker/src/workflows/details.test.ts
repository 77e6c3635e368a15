import { describe, expect, it } from 'vitest';
import type { OnboardingState } from '@scim-onboarding/onboarding-contract/workflow';
import { renderDetails } from './details.ts';

const run = { workflowId: 'onboard-group:default:hris 1', externalId: 'hris 1' };
const blocked: OnboardingState = {
  stage: 'blocked',
  steps: [
    {
      step: 'validate-group',
      state: 'done',
      activityId: 'validate-group',
      startedAfterMs: 3,
      endedAfterMs: 45,
      note: 'valid, new',
    },
  ],
  resolutions: [{ block: 1, action: 'retry', by: 'ops' }],
  blocked: {
    block: 2,
    step: 'sync-members',
    type: 'Forbidden',
    message: 'PATCH … 403',
    hint: 'Give the client the permission.',
    correlationId: 'c-1',
    since: '2026-01-02T03:04:05.000Z',
    until: '2026-01-09T03:04:05.000Z',
    allowed: ['retry', 'skip', 'abort'],
  },
};

describe('renderDetails', () => {
  it('says why a run waits, what to do, and the exact commands, in lines that fit the pane of the UI', () => {
    const text = renderDetails(blocked, run, 2);
    expect(text).toMatchInlineSnapshot(`
      "**Stage** blocked

      ### Blocked at sync-members: Forbidden

      **What happened** PATCH … 403

      Correlation id of the target: \`c-1\`

      **What to do** Give the client the permission.

      **Then** one of:

      \`\`\`sh
      # once the cause is gone:
      onboard resolve 'hris 1' --retry
      # with a corrected definition:
      onboard resolve 'hris 1' --retry --definition amended.json
      # go on without this step:
      onboard resolve 'hris 1' --skip
      # give up (--compensate deletes what this run created):
      onboard resolve 'hris 1' --abort
      \`\`\`

      Or send the update \`resolve\` from this page, for example \`{"action":"retry"}\`.

      Waits since 2026-01-02T03:04:05.000Z, ends as failed at 2026-01-09T03:04:05.000Z. Reminded 2 times.

      **Steps**

      - **validate-group** done, 42 ms: valid, new

      **Decisions**

      - block 1: retry by ops"
    `);
  });

  it('names the workflow id where another tenant has it', () => {
    const acme = { workflowId: 'onboard-group:acme:e1', externalId: 'e1' };
    expect(renderDetails(blocked, acme)).toContain('onboard resolve onboard-group:acme:e1 --retry');
  });
});
