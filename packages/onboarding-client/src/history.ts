import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import type { Calls } from './calls.ts';
import { decryptHistory } from './decrypt-history.ts';
import { redactHistory } from './redact-history.ts';
import { describeRun } from './result.ts';

export interface HistoryOptions {
  readonly tenant?: string;
  /** Default: the newest run. */
  readonly runId?: string;
  /** Replace personal data, see {@link redactHistory}; what is encrypted is decrypted for it. Default false: as it is stored. */
  readonly redact?: boolean;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

/** The history of a run. */
export interface OnboardingHistory {
  readonly workflowId: string;
  readonly runId: string;
  readonly events: number;
  /** Protobuf JSON `{"events": […]}`: what `temporal workflow show --output json` prints and what replayers read. */
  readonly json: string;
}

/**
 * Reads the history of a run, for a replay or for an archive.
 *
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError
 */
export async function readHistory(
  calls: Calls,
  workflowId: string,
  options: Omit<HistoryOptions, 'tenant'>,
): Promise<OnboardingHistory> {
  const { runId, history } = await fetchHistory(calls, workflowId, options);
  // JSON.stringify of the history itself is not the JSON of protobuf: no replayer reads it.
  const json = historyToJSON(history);
  const events = history.events?.length ?? 0;
  if (options.redact !== true) return { workflowId, runId, events, json };
  const { payloadCodecs } = calls.client.options.loadedDataConverter;
  return { workflowId, runId, events, json: redactHistory(await decryptHistory(json, payloadCodecs)) };
}

/** The history as it came, and the run that it is of. */
export async function fetchHistory(
  calls: Calls,
  workflowId: string,
  { runId: asked, deadlineMs }: { readonly runId?: string; readonly deadlineMs?: number },
): Promise<{ readonly runId: string; readonly history: History }> {
  const runId = asked ?? (await describeRun(calls, workflowId, undefined, deadlineMs)).runId;
  const history = await calls.call({ call: 'history', workflowId, runId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, runId).fetchHistory(),
  );
  return { runId, history };
}
