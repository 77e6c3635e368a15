import { startEnvironment } from './environment.ts';
import { medianOf, type Measurement } from './measurement.ts';
import { describeMachine, ratiosOf, type BenchmarkReport } from './report.ts';
import { runEmpty } from './run-empty.ts';
import { runFloor } from './run-floor.ts';
import { runScript } from './run-script.ts';
import { runWorkers } from './run-workers.ts';
import { sampleRoster } from './sample-roster.ts';

export interface BenchmarkOptions {
  readonly groups: number;
  /** Members of each group. */
  readonly members: number;
  /** How often one worker, its workflows with empty steps, and the floor are measured, in turns; the median of each counts. */
  readonly rounds: number;
  /** Groups of the part under a limit; 0 leaves it out. */
  readonly limitedGroups: number;
  /** Requests a minute that the target takes in that part. */
  readonly ratePerMinute: number;
  /** Environment of the programs that are started. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Groups of a run before the measured ones, so that none of them is the first on a cold server. */
const WARM_UP = 20;

/** Runs every way, one after the other, each against an empty directory of its own. What is compared closely is run in turns. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const { groups, members, rounds, limitedGroups, ratePerMinute, say } = options;
  const machine = describeMachine();
  const date = new Date().toISOString();
  const environment = await startEnvironment(options.env);
  const note = (part: string, measured: Measurement): Measurement => {
    say(`${part}: ${measured.way}: ${measured.groupsPerSecond} groups/s`);
    return measured;
  };
  try {
    const { folder } = environment;
    await runFloor(environment, WARM_UP);
    const roster = sampleRoster(groups, members);
    const script = note('unlimited', await runScript(roster, folder, undefined));
    const ours: Measurement[] = [];
    const empty: Measurement[] = [];
    const floor: Measurement[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(note('unlimited', await runWorkers(environment, roster, 1, undefined)));
      empty.push(note('unlimited', await runEmpty(environment, roster)));
      floor.push(note('unlimited', await runFloor(environment, groups)));
    }
    const two = note('unlimited', await runWorkers(environment, roster, 2, undefined));
    const unlimited = [script, medianOf(ours), two, medianOf(empty), medianOf(floor)];
    const limited: Measurement[] = [];
    if (limitedGroups > 0) {
      const smaller = sampleRoster(limitedGroups, members);
      limited.push(note('limited', await runScript(smaller, folder, ratePerMinute)));
      limited.push(note('limited', await runWorkers(environment, smaller, 1, ratePerMinute)));
      limited.push(note('limited', await runWorkers(environment, smaller, 2, ratePerMinute)));
    }
    return { date, machine, members, unlimited, limited, ratios: ratiosOf(unlimited, limited) };
  } finally {
    await environment.close();
  }
}
