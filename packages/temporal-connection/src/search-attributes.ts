import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';

import { SearchAttributesNotListedError, SearchAttributesRefusedError, SearchAttributeTypeError } from './errors.ts';
import { GRPC_STATUS, grpcStatus } from './grpc-status.ts';

export type SearchAttributeKind = 'KEYWORD' | 'INT' | 'DATETIME' | 'BOOL' | 'DOUBLE' | 'TEXT' | 'KEYWORD_LIST';

/** Name of each search attribute and its type. */
export type SearchAttributeDefinitions = Readonly<Record<string, SearchAttributeKind>>;

/** Numbers of `temporal.api.enums.v1.IndexedValueType`, and how the `temporal` command writes the same types. */
const TYPES: Record<SearchAttributeKind, { number: number; cliName: string }> = {
  TEXT: { number: 1, cliName: 'Text' },
  KEYWORD: { number: 2, cliName: 'Keyword' },
  INT: { number: 3, cliName: 'Int' },
  DOUBLE: { number: 4, cliName: 'Double' },
  BOOL: { number: 5, cliName: 'Bool' },
  DATETIME: { number: 6, cliName: 'Datetime' },
  KEYWORD_LIST: { number: 7, cliName: 'KeywordList' },
};

const CALL_TIMEOUT_MS = 10_000;
const LISTED_TIMEOUT_MS = 15_000;
const POLL_MS = 50;
/** After this long without an attribute showing up it is added again; two writers can overwrite each other. */
const ADD_AGAIN_MS = 3_000;

/** Arguments of `temporal server start-dev` that register the attributes. */
export function searchAttributeArguments(definitions: SearchAttributeDefinitions): string[] {
  return Object.entries(definitions).flatMap(([name, kind]) => [
    '--search-attribute',
    `${name}=${TYPES[kind].cliName}`,
  ]);
}

/**
 * Names in `definitions` that the namespace does not have.
 *
 * @throws {SearchAttributeTypeError} when one exists with another type.
 * @throws {SearchAttributesRefusedError} when the server does not let this client list them.
 */
export async function missingSearchAttributes(
  connection: Connection,
  namespace: string,
  definitions: SearchAttributeDefinitions,
): Promise<string[]> {
  const found = await refusalExplained(namespace, definitions, () =>
    connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    ),
  );
  // Own properties only: a definition could be called "constructor".
  const types = new Map(Object.entries({ ...found.systemAttributes, ...found.customAttributes }));
  const missing: string[] = [];
  const conflicts: { name: string; wanted: string; found: string }[] = [];
  for (const [name, kind] of Object.entries(definitions)) {
    const type = types.get(name);
    if (type === undefined) missing.push(name);
    else if (type !== TYPES[kind].number) conflicts.push({ name, wanted: kind, found: nameOfType(type) });
  }
  if (conflicts.length > 0) throw new SearchAttributeTypeError(namespace, conflicts);
  return missing;
}

/**
 * Creates the search attributes which the namespace does not have, and waits until the server lists them. May run
 * again and at the same time elsewhere. `created` are those that were not there at the first look.
 *
 * @throws {SearchAttributeTypeError} when one exists with another type; then none is created.
 * @throws {SearchAttributesRefusedError} when the server does not let this client create them (Temporal Cloud).
 * @throws {SearchAttributesNotListedError} when they are not listed within 15 seconds.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  definitions: SearchAttributeDefinitions,
): Promise<{ created: string[]; existing: string[] }> {
  const created = await missingSearchAttributes(connection, namespace, definitions);
  const existing = Object.keys(definitions).filter((name) => !created.includes(name));
  const deadline = Date.now() + LISTED_TIMEOUT_MS;
  let missing = created;
  let lastError: unknown;
  while (missing.length > 0) {
    if (Date.now() >= deadline) {
      throw new SearchAttributesNotListedError(namespace, missing, LISTED_TIMEOUT_MS, lastError);
    }
    lastError = await addSearchAttributes(connection, namespace, definitions, missing);
    missing = await waitUntilListed(connection, namespace, definitions, Math.min(deadline, Date.now() + ADD_AGAIN_MS));
  }
  return { created, existing };
}

/** Waits until the attributes are listed or the deadline (epoch milliseconds) is over; gives those still missing. */
export async function waitUntilListed(
  connection: Connection,
  namespace: string,
  definitions: SearchAttributeDefinitions,
  deadline: number,
): Promise<string[]> {
  for (;;) {
    const missing = await missingSearchAttributes(connection, namespace, definitions);
    if (missing.length === 0 || Date.now() >= deadline) return missing;
    await sleep(POLL_MS);
  }
}

/** @returns the error when it is one that another process causes by doing the same at the same time. */
async function addSearchAttributes(
  connection: Connection,
  namespace: string,
  definitions: SearchAttributeDefinitions,
  names: readonly string[],
): Promise<unknown> {
  const wanted = Object.entries(definitions).filter(([name]) => names.includes(name));
  const searchAttributes = Object.fromEntries(wanted.map(([name, kind]) => [name, TYPES[kind].number]));
  try {
    await refusalExplained(namespace, Object.fromEntries(wanted), () =>
      connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
      ),
    );
    return undefined;
  } catch (error) {
    const status = grpcStatus(error);
    const raced: readonly (number | undefined)[] = [
      GRPC_STATUS.ALREADY_EXISTS,
      GRPC_STATUS.ABORTED,
      GRPC_STATUS.UNAVAILABLE,
    ];
    if (raced.includes(status)) return error;
    throw error;
  }
}

async function refusalExplained<T>(
  namespace: string,
  definitions: SearchAttributeDefinitions,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const status = grpcStatus(error);
    if (status === GRPC_STATUS.PERMISSION_DENIED || status === GRPC_STATUS.UNIMPLEMENTED) {
      const list = Object.entries(definitions).map(([name, kind]) => `${name}=${kind}`);
      throw new SearchAttributesRefusedError(namespace, list, error);
    }
    throw error;
  }
}

function nameOfType(type: number): string {
  return Object.entries(TYPES).find(([, entry]) => entry.number === type)?.[0] ?? `type ${type}`;
}
