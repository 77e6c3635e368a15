import { cpus, loadavg, totalmem } from 'node:os';
import { round, type Measurement, type WayName } from './measurement.ts';

/** All of a run of the benchmark. */
export interface BenchmarkReport {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly node: string;
    readonly platform: string;
    /** Over the minute before the run; above 0 other work shared the machine. */
    readonly loadBefore: number;
  };
  readonly members: number;
  readonly unlimited: readonly Measurement[];
  /** Under a limit of requests a minute. Empty unless asked for. */
  readonly limited: readonly Measurement[];
  readonly ratios: Readonly<Record<string, number>>;
}

export function describeMachine(): BenchmarkReport['machine'] {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGb: round(totalmem() / 1024 ** 3, 1),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadBefore: round(loadavg()[0] ?? 0, 2),
  };
}

/** The ways against each other; above 1 the first is faster, but for the ratios of time and CPU. */
export function ratiosOf(
  unlimited: readonly Measurement[],
  limited: readonly Measurement[],
): Readonly<Record<string, number>> {
  const ratios: Record<string, number> = {};
  const add = (name: string, rows: readonly Measurement[], one: WayName, other: WayName): void => {
    const [a, b] = [one, other].map((way) => rows.find((row) => row.way === way)?.groupsPerSecond);
    if (a !== undefined && b !== undefined) ratios[name] = round(a / b, 2);
  };
  add('one worker / script', unlimited, 'one worker', 'script');
  add('two workers / one worker', unlimited, 'two workers', 'one worker');
  // Time per group, so the floor is on top: 1.25 is 25 % more time than Temporal alone takes.
  add('time of one worker / time of floor', unlimited, 'floor', 'one worker');
  add('time of empty steps / time of floor', unlimited, 'floor', 'empty steps');
  const cpu = (way: WayName): number | undefined => {
    const { cpuMsPerGroup, serverCpuMsPerGroup } = unlimited.find((row) => row.way === way) ?? {};
    return cpuMsPerGroup === undefined || serverCpuMsPerGroup === undefined
      ? undefined
      : cpuMsPerGroup + serverCpuMsPerGroup;
  };
  // Of worker and Temporal server together. Other work on the machine changes it less than it changes times.
  const floor = cpu('floor');
  for (const way of ['one worker', 'empty steps'] as const) {
    const used = cpu(way);
    if (used !== undefined && floor !== undefined) ratios[`CPU of ${way} / CPU of floor`] = round(used / floor, 2);
  }
  add('one worker / script, limited', limited, 'one worker', 'script');
  add('two workers / script, limited', limited, 'two workers', 'script');
  return ratios;
}

const COLUMNS: readonly (readonly [string, (row: Measurement) => number | string | undefined])[] = [
  ['Way', ({ way }) => way],
  ['Groups/s', ({ groupsPerSecond }) => groupsPerSecond],
  ['Requests/group', ({ requestsPerGroup }) => requestsPerGroup],
  ['429', ({ refused }) => refused],
  ['p50 ms', ({ latencyMs }) => latencyMs.p50],
  ['p95 ms', ({ latencyMs }) => latencyMs.p95],
  ['Events', ({ history }) => history?.events],
  ['History bytes', ({ history }) => history?.bytes],
  ['Actions', ({ history }) => history?.actions],
  ['+ roster', ({ rosterActionsPerGroup }) => rosterActionsPerGroup],
  ['CPU ms/group', ({ cpuMsPerGroup }) => cpuMsPerGroup],
  ['Server CPU', ({ serverCpuMsPerGroup }) => serverCpuMsPerGroup],
  ['Peak MiB', ({ peakRssMb }) => peakRssMb],
];

/** A Markdown table, a row for each way. */
function renderTable(rows: readonly Measurement[]): string {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, read]) => String(read(row) ?? '-'))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [lines[0] ?? [], rule, ...lines.slice(1)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

export function renderReport(report: BenchmarkReport, ratePerMinute: number): string {
  const { machine, unlimited, limited, ratios } = report;
  return [
    `${report.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GiB, ${machine.platform}, Node ${machine.node}, load before ${machine.loadBefore}`,
    `Unlimited: ${unlimited[0]?.groups ?? 0} groups of ${report.members} members`,
    renderTable(unlimited),
    ...(limited.length === 0
      ? []
      : [`${ratePerMinute} requests a minute: ${limited[0]?.groups ?? 0} groups`, renderTable(limited)]),
    Object.entries(ratios)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  ].join('\n\n');
}
