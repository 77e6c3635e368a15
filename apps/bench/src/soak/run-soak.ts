import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { startEnvironment, startTarget, type Environment, type SimulatedTarget } from '../environment.ts';
import { isAboutGroup, isVendorRequest, round } from '../measurement.ts';
import { readProcessUsage } from '../process-usage.ts';
import { startProgram, type Program } from '../program.ts';
import { describeMachine, type BenchmarkReport } from '../report.ts';
import { sampleRoster, type SampleRoster } from '../sample-roster.ts';
import { startWorker, targetSettings } from '../worker.ts';
import { judge, type Verdict } from './judge.ts';

const ONBOARD = fileURLToPath(new URL('../../../starter/dist/main.js', import.meta.url));
const POLL_MS = 250;
const WATCH_MS = 1_000;

export interface SoakOptions {
  readonly groups: number;
  /** Members of each group. */
  readonly members: number;
  /** Requests a minute that the target takes. Undefined: any number. */
  readonly ratePerMinute: number | undefined;
  /** Kill the worker twice, and restart the Temporal server once. */
  readonly disturb: boolean;
  /** Environment of the programs that are started. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly date: string;
  readonly machine: BenchmarkReport['machine'];
  readonly groups: number;
  readonly members: number;
  readonly verdict: Verdict;
  /** Of `onboard apply`. */
  readonly exitCode: number;
  /** From the start of `onboard apply` to its end. */
  readonly seconds: number;
  /** What the plan says that the limit costs. */
  readonly limitSeconds?: number;
  /** `seconds` by `limitSeconds`. */
  readonly ratio?: number;
  /** By group, refused ones too; without tokens and webhooks. */
  readonly requestsPerGroup: number;
  /** Answered with 429. */
  readonly refused: number;
  /** Events of groups that came to the HRIS. A delivery that is repeated has the id of the first, by which the receiver drops it. */
  readonly webhooks: { readonly deliveries: number; readonly messages: number };
  /** The most that one process of the worker held at a time, in MiB. Undefined where there is no /proc. */
  readonly workerPeakRssMb?: number;
  /** The same of `onboard apply`. */
  readonly starterPeakRssMb?: number;
}

/** Plans and applies a roster with the `onboard` command, ends programs meanwhile, and looks at what is in the directory then. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { groups, members, ratePerMinute, say } = options;
  const machine = describeMachine();
  const date = new Date().toISOString();
  const roster = sampleRoster(groups, members);
  const environment = await startEnvironment(options.env, options.disturb);
  let target: SimulatedTarget | undefined;
  const worker = new Replaceable();
  try {
    target = await startTarget(roster, environment.folder, ratePerMinute);
    const { control } = target;
    const start = startWorker.bind(undefined, environment, target, 'audit.jsonl');
    const files = await writeFiles(environment.folder, roster);
    const limitSeconds = await plan(environment, target, files, ratePerMinute);
    await worker.replace(start);
    const begun = performance.now();
    const since = (): string => `${Math.round((performance.now() - begun) / 1000)} s`;
    const apply = await startOnboard(
      environment,
      target,
      ['apply', files.plan, '--yes', '--report', files.report],
      say,
    );
    const starter = new Replaceable();
    starter.watch(apply);
    const watching = new AbortController();
    const watched = watch([worker, starter], watching.signal);
    const until = async (share: number): Promise<void> => {
      while ((await control.health()).groups < share * groups)
        await sleep(POLL_MS, undefined, { signal: watching.signal });
    };
    const disturb = async (): Promise<void> => {
      for (const [share, what] of DISTURBANCES) {
        await until(share);
        say(
          `${since()}: ${what === 'worker' ? 'the worker is killed and started again' : 'the Temporal server is restarted'}`,
        );
        if (what === 'worker') await worker.replace(start);
        else await environment.restartServer();
      }
    };
    const disturbed = options.disturb ? disturb() : Promise.resolve();
    disturbed.catch(() => watching.abort());
    const exitCode = await apply.ended;
    const seconds = round((performance.now() - begun) / 1000, 1);
    watching.abort();
    await Promise.all([watched, disturbed]);
    say(`${since()}: onboard apply ended with exit code ${exitCode}`);
    const requests = (await control.requests()).filter(isVendorRequest);
    const messages = (await control.webhooks()).filter(isAboutGroup).map(({ headers }) => headers['webhook-id']);
    return {
      date,
      machine,
      groups,
      members,
      verdict: judge(roster.groups, await control.groups(), await readReport(files.report)),
      exitCode,
      seconds,
      ...(ratePerMinute === undefined ? {} : { limitSeconds, ratio: round(seconds / limitSeconds, 2) }),
      requestsPerGroup: round(requests.length / groups, 3),
      refused: requests.filter(({ status }) => status === 429).length,
      webhooks: { deliveries: messages.length, messages: new Set(messages).size },
      ...(worker.peakRssMb === undefined ? {} : { workerPeakRssMb: worker.peakRssMb }),
      ...(starter.peakRssMb === undefined ? {} : { starterPeakRssMb: starter.peakRssMb }),
    };
  } finally {
    await worker.stop();
    await target?.stop();
    await environment.close();
  }
}

/** When what is ended: at which share of the groups in the directory. */
const DISTURBANCES = [
  [0.2, 'worker'],
  [0.45, 'server'],
  [0.7, 'worker'],
] as const;

/** A program that is replaced by its like, and the most memory that any of them held. */
class Replaceable {
  #program: Program | undefined;
  peakRssMb: number | undefined;

  watch(program: Program): void {
    this.#program = program;
  }

  /** Kills the one that is there. */
  async replace(start: () => Promise<Program>): Promise<void> {
    await this.look();
    await this.#program?.crash();
    this.#program = await start();
  }

  async look(): Promise<void> {
    const usage = this.#program === undefined ? undefined : await readProcessUsage(this.#program.pid);
    if (usage !== undefined) this.peakRssMb = Math.max(this.peakRssMb ?? 0, usage.peakRssMb);
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }
}

async function watch(programs: readonly Replaceable[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const program of programs) await program.look();
    await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Files {
  readonly roster: string;
  readonly plan: string;
  /** A folder. */
  readonly report: string;
}

async function writeFiles(folder: string, { groups }: SampleRoster): Promise<Files> {
  const roster = join(folder, 'roster.ndjson');
  await writeFile(roster, groups.map((group) => `${JSON.stringify(group)}\n`).join(''));
  return { roster, plan: join(folder, 'plan.json'), report: join(folder, 'report') };
}

/** Makes the plan. Resolves with the seconds that its requests take at the limit. */
async function plan(
  environment: Environment,
  target: SimulatedTarget,
  { roster, plan: out }: Files,
  ratePerMinute = 300,
): Promise<number> {
  const lines: string[] = [];
  const args = ['plan', roster, '--out', out, '--rate', String(ratePerMinute), '--json'];
  const planning = await startOnboard(environment, target, args, (line) => lines.push(line));
  const exitCode = await planning.ended;
  if (exitCode !== 0)
    throw new Error(`onboard plan ended with exit code ${exitCode}: ${lines.join('\n').slice(0, 2000)}`);
  return estimateSchema.parse(JSON.parse(lines.join('\n'))).estimate.seconds;
}

const estimateSchema = z.object({ estimate: z.object({ seconds: z.number() }) });

function startOnboard(
  { env, folder }: Environment,
  target: SimulatedTarget,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<Program> {
  return startProgram(ONBOARD, { args, cwd: folder, env: { ...env, ...targetSettings(target) }, onLine });
}

const reportSchema = z.object({ groups: z.array(z.object({ externalId: z.string(), outcome: z.string() })) });

async function readReport(folder: string): Promise<z.output<typeof reportSchema>['groups']> {
  return reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).groups;
}
