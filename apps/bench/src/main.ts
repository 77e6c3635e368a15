import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.ts';
import { wholeNumber } from './options.ts';
import { runCommand } from './run-command.ts';
import { renderReport } from './report.ts';

const USAGE = `npm run bench -- [--groups n] [--members n] [--rounds n] [--limited] [--limited-groups n] [--json]

  --groups n          groups of the part without a limit, default 300
  --members n         members of each group, default 20
  --rounds n          how often one worker, empty steps and the floor are measured, in turns; the median counts,
                      default 3
  --limited           also under 300 requests a minute; takes some minutes
  --limited-groups n  groups of that part, default 350: more than one minute's requests, for every way
  --json              JSON in place of the tables`;

const RATE_PER_MINUTE = 300;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      groups: { type: 'string', default: '300' },
      members: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
      limited: { type: 'boolean', default: false },
      'limited-groups': { type: 'string', default: '350' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const report = await runBenchmark({
    groups: wholeNumber('--groups', values.groups, 10_000),
    members: wholeNumber('--members', values.members, 500),
    rounds: wholeNumber('--rounds', values.rounds, 99),
    limitedGroups: values.limited ? wholeNumber('--limited-groups', values['limited-groups'], 10_000) : 0,
    ratePerMinute: RATE_PER_MINUTE,
    env: process.env,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  console.log(values.json ? JSON.stringify(report, undefined, 2) : renderReport(report, RATE_PER_MINUTE));
}

await runCommand('bench', USAGE, main);
