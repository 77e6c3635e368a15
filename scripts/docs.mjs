// Writes the documents that are made of code. `npm run docs`; a test fails while they are not up to date.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FAILURE_GUIDE } from '../packages/onboarding-contract/dist/index.js';
import { SCIM_ERRORS } from '../packages/scim-core/dist/index.js';
import { targetsDocument } from '../packages/scim-core/dist/client/index.js';
import { FAILURE_OF_CODE } from '../apps/worker/dist/activities/to-failure.js';
import { STEP_POLICIES } from '../apps/worker/dist/workflows/retry-policies.js';
import { ROSTER_JOB_POLICIES } from '../apps/worker/dist/workflows/roster-job-policies.js';
import { clientErrorsSection } from './client-errors-docs.mjs';
import { configurationDocument, envExample, table } from './settings-docs.mjs';

/** `docs/errors.md`: every failure type, and the request errors that become it. */
export function errorsDocument() {
  const sections = Object.entries(FAILURE_GUIDE).map(([type, { means, kind, action }]) => {
    const codes = Object.entries(FAILURE_OF_CODE).filter(([, of]) => of === type);
    const from = codes.map(
      ([code]) =>
        `\`${code}\` (${SCIM_ERRORS[code].effect === 'unclear' ? 'the target may have acted' : 'the target did nothing'})`,
    );
    return [
      `## ${type}`,
      '',
      means,
      '',
      `- Kind: ${kind}`,
      ...(from.length > 0 ? [`- Request error: ${from.join(', ')}`] : []),
      `- Do: ${action}`,
      '',
    ].join('\n');
  });
  return [
    '# Errors',
    '',
    'Every failure of a run has one of these types. The Temporal UI shows it as the type of the root cause, `onboard` prints it,',
    'and the audit record keeps it. Its details hold what to do, the request, the status, and the correlation id of the target.',
    '',
    '`retried` is tried again by the policy of its step ([retry policies](retry-policies.md)). `final` is not: the run is blocked until a',
    'person decides ([operations](operations.md)), and ends with that type if nobody does within a week, or at once where it was started with',
    '`--on-failure fail`. Failures of `send-webhook` and `record-audit` block nothing, and a scheduled job ends with its failure. After an error by which the target may have acted, a',
    'create request is not sent again before the group was looked for.',
    '',
    'This page is made of the code by `npm run docs`.',
    '',
    ...sections,
    clientErrorsSection(),
  ].join('\n');
}

/** `docs/retry-policies.md`: the table of how each step is tried. */
export function retryPoliciesDocument() {
  const rows = Object.entries({ ...STEP_POLICIES, ...ROSTER_JOB_POLICIES }).map(([step, p]) => {
    const { initialInterval, backoffCoefficient, maximumInterval } = p.retry;
    const total = p.scheduleToCloseTimeout ?? (step === 'send-webhook' ? '`HRIS_WEBHOOK_GIVE_UP_SECONDS`' : 'no end');
    return `| ${step} | ${p.taskQueue} | ${initialInterval} × ${backoffCoefficient}, at most ${maximumInterval} | ${p.startToCloseTimeout} | ${p.heartbeatTimeout} | ${total} |`;
  });
  return [
    '# Retry policies',
    '',
    '`Retry-After` of the target or the HRIS goes before the interval of this table, up to 15 minutes at a time.',
    'Which failures are tried again is in [errors](errors.md). The summary of a roster is sent by the policy of `send-webhook`.',
    '',
    'This page is made of the code by `npm run docs`.',
    '',
    '| Step | Task queue | Interval | One attempt | Heartbeat | All attempts |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Markdown whose tables have cells of one width in each column, as the formatter writes them. */
function aligned(markdown) {
  const cellsOf = (line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|'));
  return markdown.replaceAll(/^(?:\|.*\n)+/gm, (block) => {
    const [head, , ...rows] = block.trimEnd().split('\n').map(cellsOf);
    return `${table(head, rows).join('\n')}\n`;
  });
}

export const documents = {
  'docs/errors.md': errorsDocument,
  'docs/retry-policies.md': retryPoliciesDocument,
  'docs/configuration.md': configurationDocument,
  'docs/targets.md': () => aligned(targetsDocument()),
  '.env.example': envExample,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, render] of Object.entries(documents))
    await writeFile(new URL(`../${file}`, import.meta.url), render());
}
