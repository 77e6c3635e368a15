import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  unpackDefinition,
  type OnboardGroupInput,
  type Resolution,
  type WireDefinition,
} from '@scim-onboarding/onboarding-contract';
import { parseGroupDefinition, type GroupRules, type ParsedDefinition } from '@scim-onboarding/scim-core';
import type { DefinitionRef } from './workflows/activities.ts';

type History = ReturnType<typeof historyFromJSON>;
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/** Members kept over all cached definitions: about 15 MB of ids and e-mails. One definition alone may be larger. */
const CACHED_MEMBERS = 60_000;

/** Reads the definition that a run works on. */
export interface DefinitionSource {
  /** @throws {Error} if the history does not hold it, or Temporal cannot be reached; retryable */
  load(
    execution: { readonly workflowId: string; readonly runId: string },
    ref: DefinitionRef,
    /** The definition, where the caller has it. */
    given?: WireDefinition,
  ): Promise<ParsedDefinition>;
}

/**
 * Reads definitions from the history of their runs: the start event, or the update that amended it. So a long list of members stands in
 * the history once, encrypted as the rest of it is, and lives as long as the run. The last ones are kept in memory.
 */
export function definitionsFromHistory(client: Client, rules: GroupRules): DefinitionSource {
  const cache = new Map<string, Promise<ParsedDefinition>>();
  const sizes = new Map<string, number>();

  const forgetOldest = (): void => {
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const [key, size] of sizes) {
      if (total <= CACHED_MEMBERS || sizes.size === 1) return;
      total -= size;
      sizes.delete(key);
      cache.delete(key);
    }
  };

  return {
    load({ workflowId, runId }, ref, given) {
      const key = `${runId}/${ref.updateId ?? ''}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const reading =
        given === undefined
          ? read(client, workflowId, runId, ref)
          : Promise.resolve(given).then((wire) => unpackDefinition(wire));
      const loading = reading.then((definition) => parseGroupDefinition(definition, rules));
      cache.set(key, loading);
      loading.then(
        (parsed) => {
          sizes.set(key, parsed.ok ? parsed.definition.members.length : 1);
          forgetOldest();
        },
        () => cache.delete(key),
      );
      return loading;
    },
  };
}

async function read(client: Client, workflowId: string, runId: string, { updateId }: DefinitionRef): Promise<unknown> {
  const converter = client.options.loadedDataConverter;
  if (updateId !== undefined) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const resolution = await decodeFirst<Resolution>(converter, updateInput(history, updateId));
    if (resolution?.action !== 'retry' || resolution.definition === undefined) {
      throw new Error(
        `The history of ${workflowId} (run ${runId}) holds no amended definition in the update ${updateId}.`,
      );
    }
    return unpackDefinition(resolution.definition);
  }
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const input = await decodeFirst<OnboardGroupInput>(converter, started?.input?.payloads);
  if (input === undefined) throw new Error(`The history of ${workflowId} (run ${runId}) does not begin with an input.`);
  return unpackDefinition(input.definition);
}

/** An update's input stands in its acceptance; after a reset, in its admission. */
function updateInput(history: History, updateId: string): Payloads {
  for (const event of history.events ?? []) {
    const requests = [
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest,
      event.workflowExecutionUpdateAdmittedEventAttributes?.request,
    ];
    const request = requests.find((candidate) => candidate?.meta?.updateId === updateId);
    if (request !== undefined) return request?.input?.args?.payloads;
  }
  return undefined;
}

async function decodeFirst<T>(converter: LoadedDataConverter, payloads: Payloads): Promise<T | undefined> {
  const [first] = await decodeArrayFromPayloads(converter, payloads);
  return first as T | undefined;
}
