import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { DataConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import * as z from 'zod';
import {
  DEFAULT_TENANT,
  isOnboardingWorkflowId,
  onboardingWorkflowId,
} from '@scim-onboarding/onboarding-contract/workflow';
import { connectClient } from '@scim-onboarding/temporal-connection';

export interface LoadedHistory {
  /** What to call it: the file, or the workflow id. */
  readonly name: string;
  readonly workflowId: string;
  readonly history: ReturnType<typeof historyFromJSON>;
}

const MAX_BYTES = 100 * 1024 * 1024;

/** Our own files, and what `temporal workflow show --output json` and `onboard history` print. */
const fileSchema = z.union([
  z.object({ workflowId: z.string(), history: z.object({ events: z.array(z.unknown()) }) }),
  z.object({ events: z.array(z.unknown()) }).transform((history) => ({ workflowId: undefined, history })),
]);

/**
 * Loads a history from a file, or of a run from the server.
 *
 * @param what path of a file, else workflow id or externalId
 * @throws {Error} that says what is wrong with the file, or that the server knows no such run
 */
export async function loadHistory(what: string, converter: DataConverter | undefined): Promise<LoadedHistory> {
  return existsSync(what) ? fromFile(what) : fromServer(what, converter);
}

async function fromFile(file: string): Promise<LoadedHistory> {
  const text = await readFile(file, 'utf8');
  if (text.length > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success)
    throw new Error(
      `${file} holds no history: it needs "events", as temporal workflow show --output json and onboard history print it.`,
    );
  return {
    name: file,
    workflowId: parsed.data.workflowId ?? 'replayed',
    history: historyFromJSON(parsed.data.history),
  };
}

async function fromServer(id: string, dataConverter: DataConverter | undefined): Promise<LoadedHistory> {
  const { client, close } = await connectClient(dataConverter === undefined ? {} : { dataConverter });
  const workflowId = isOnboardingWorkflowId(id) ? id : onboardingWorkflowId(DEFAULT_TENANT, id);
  try {
    return { name: workflowId, workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() };
  } finally {
    await close();
  }
}
