import { parseArgs } from 'node:util';
import { wholeNumber } from '../options.ts';
import { runCommand } from '../run-command.ts';
import { runSoak, type SoakReport } from './run-soak.ts';

const USAGE = `npm run soak -- [--groups n] [--members n] [--rate n | --no-limit] [--calm] [--json]

Applies a roster of new groups against the simulator. Meanwhile the worker is killed twice and the Temporal server is restarted
once. Exit code 0 if each group is in the directory exactly once, as it was asked for, and the report says so.

  --groups n   default 1000
  --members n  members of each group, default 20
  --rate n     requests a minute that the target takes, default 300
  --no-limit   the target takes any number
  --calm       nothing is killed
  --json       JSON in place of the lines`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      groups: { type: 'string', default: '1000' },
      members: { type: 'string', default: '20' },
      rate: { type: 'string', default: '300' },
      'no-limit': { type: 'boolean', default: false },
      calm: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const report = await runSoak({
    groups: wholeNumber('--groups', values.groups, 50_000),
    members: wholeNumber('--members', values.members, 500),
    ratePerMinute: values['no-limit'] ? undefined : wholeNumber('--rate', values.rate, 100_000),
    disturb: !values.calm,
    env: process.env,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  console.log(values.json ? JSON.stringify(report, undefined, 2) : render(report));
  const { verdict, groups, webhooks, exitCode } = report;
  const good = verdict.right === groups && verdict.extra === 0 && verdict.untold === 0 && webhooks.messages === groups;
  if (!good || exitCode !== 0) process.exitCode = 1;
}

function render(report: SoakReport): string {
  const { machine, verdict, groups, seconds, limitSeconds, ratio } = report;
  const limit = limitSeconds === undefined ? '' : `, ${ratio} times what the limit costs (${limitSeconds} s)`;
  return [
    `${report.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GiB, Node ${machine.node}`,
    `groups    ${verdict.right} of ${groups} right, ${verdict.extra} too many, the report is wrong about ${verdict.untold}`,
    `time      ${seconds} s${limit}`,
    `requests  ${report.requestsPerGroup} for each group, ${report.refused} answered with 429`,
    `webhooks  ${report.webhooks.messages} messages, ${report.webhooks.deliveries} deliveries`,
    `memory    worker ${report.workerPeakRssMb ?? '-'} MiB at most, onboard apply ${report.starterPeakRssMb ?? '-'} MiB`,
  ].join('\n');
}

await runCommand('soak', USAGE, main);
