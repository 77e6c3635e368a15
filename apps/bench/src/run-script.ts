import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_ID, startTarget } from './environment.ts';
import { latencyOf, requestsAt, round, type Measurement } from './measurement.ts';
import { startProgram } from './program.ts';
import type { SampleRoster } from './sample-roster.ts';

const SCRIPT = fileURLToPath(new URL('../dist/plain-script-main.js', import.meta.url));

interface ScriptReport {
  readonly seconds: number;
  readonly latencies: readonly number[];
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

/** (a) The script: one group after another, in one process, with `fetch`. */
export async function runScript(
  roster: SampleRoster,
  folder: string,
  ratePerMinute: number | undefined,
): Promise<Measurement> {
  const target = await startTarget(roster, folder, ratePerMinute);
  try {
    const settings = join(folder, 'script-settings.json');
    const groups = join(folder, 'script-groups.json');
    const { url: api, clientSecret, webhookUrl: webhook, webhookSecret } = target;
    await writeFile(settings, JSON.stringify({ api, clientId: CLIENT_ID, clientSecret, webhook, webhookSecret }));
    await writeFile(groups, JSON.stringify(roster.groups));
    let report: ScriptReport | undefined;
    const program = await startProgram(SCRIPT, {
      args: [settings, groups],
      env: {},
      cwd: folder,
      isReady(line) {
        report = JSON.parse(line) as ScriptReport;
        return true;
      },
    });
    await program.ended;
    if (report === undefined) throw new Error('The script ended without a report.');
    return {
      way: 'script',
      groups: roster.groups.length,
      seconds: round(report.seconds, 2),
      groupsPerSecond: round(roster.groups.length / report.seconds, 2),
      ...(await requestsAt(target, roster.groups.length)),
      latencyMs: latencyOf(report.latencies),
      cpuMsPerGroup: round(report.cpuMs / roster.groups.length, 1),
      peakRssMb: report.peakRssMb,
    };
  } finally {
    await target.stop();
  }
}
