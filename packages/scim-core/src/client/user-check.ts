import * as z from 'zod';
import { isScimError } from '../errors.ts';
import type { MemberCheck } from './profiles.ts';
import { resourceUrl, searchOf, shapeError, type Requests } from './requests.ts';

/** Ids in one request to Genesys Cloud: 100 UUIDs make a URL of about 4 kB, under the 8 kB that servers commonly take. */
const USERS_PER_REQUEST = 100;

/** Ids in one SCIM filter: `id eq "<uuid>" or ` is about 70 bytes when encoded. */
const USERS_PER_FILTER = 50;

/** Requests for single users that are open at a time. */
const PARALLEL_GETS = 8;

/** Which of the given ids are users. */
export type UserCheck = (requests: Requests, ids: readonly string[]) => Promise<Set<string>>;

/** @param usersUrl the collection of users, of the API that the kind of check goes to */
export function createUserCheck(kind: MemberCheck, usersUrl: string): UserCheck {
  switch (kind) {
    case 'none':
      return (_requests, ids) => Promise.resolve(new Set(ids));
    case 'genesys-users':
      return (requests, ids) => genesysUsers(requests, usersUrl, ids);
    case 'scim-users-by-id':
      return (requests, ids) => usersById(requests, usersUrl, ids);
    case 'scim-users':
      return scimUsers(usersUrl);
  }
}

const genesysPageSchema = z.object({ entities: z.array(z.object({ id: z.string() })) });

async function genesysUsers(requests: Requests, usersUrl: string, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const batch of batches(ids, USERS_PER_REQUEST)) {
    const search = new URLSearchParams([
      ...batch.map((id): [string, string] => ['id', id]),
      ['pageSize', String(USERS_PER_REQUEST)],
    ]);
    const { exchange, body } = await requests.getJson(`${usersUrl}?${search.toString()}`);
    const parsed = genesysPageSchema.safeParse(body);
    if (!parsed.success) throw shapeError(exchange, 'no page of users');
    addAsked(
      found,
      batch,
      parsed.data.entities.map((user) => user.id),
    );
  }
  return found;
}

/** By filter, as long as the server takes `or`; what a filter does not find is asked for by id: some servers find nothing by `or`. */
function scimUsers(usersUrl: string): UserCheck {
  let takesOr = true;
  return async (requests, ids) => {
    const found = new Set<string>();
    for (const batch of takesOr ? batches(ids, USERS_PER_FILTER) : []) {
      try {
        addAsked(found, batch, await filteredUsers(requests, usersUrl, batch));
      } catch (error) {
        if (!isScimError(error, 'request_refused')) throw error;
        takesOr = false;
        break;
      }
    }
    const open = ids.filter((id) => !found.has(id));
    for (const id of await usersById(requests, usersUrl, open)) found.add(id);
    return found;
  };
}

const idSchema = z.union([z.string(), z.number()]).transform(String);
const scimUserSchema = z.object({ id: idSchema });
const scimPageSchema = z.object({ Resources: z.array(scimUserSchema).nullish() });

async function filteredUsers(requests: Requests, usersUrl: string, ids: readonly string[]): Promise<string[]> {
  const filter = ids.map((id) => `id eq ${JSON.stringify(id)}`).join(' or ');
  const search = searchOf({ filter, attributes: 'id', startIndex: '1', count: String(ids.length) });
  const { exchange, body } = await requests.getJson(`${usersUrl}?${search}`);
  const parsed = scimPageSchema.safeParse(body);
  if (!parsed.success) throw shapeError(exchange, 'no ListResponse of users (RFC 7644 section 3.4.2)');
  return (parsed.data.Resources ?? []).map((user) => user.id);
}

async function usersById(requests: Requests, usersUrl: string, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const batch of batches(ids, PARALLEL_GETS)) {
    const answers = await Promise.all(batch.map((id) => userExists(requests, usersUrl, id)));
    batch.forEach((id, index) => {
      if (answers[index] === true) found.add(id);
    });
  }
  return found;
}

async function userExists(requests: Requests, usersUrl: string, id: string): Promise<boolean> {
  try {
    const { exchange, body } = await requests.getJson(resourceUrl(usersUrl, id));
    const parsed = scimUserSchema.safeParse(body);
    if (!parsed.success) throw shapeError(exchange, 'no user with an id (RFC 7643 section 3.1)');
    return parsed.data.id === id;
  } catch (error) {
    if (isScimError(error, 'not_found')) return false;
    throw error;
  }
}

/** Only what was asked for counts: a server that ignores the query returns strangers. */
function addAsked(found: Set<string>, asked: readonly string[], answered: readonly string[]): void {
  const wanted = new Set(asked);
  for (const id of answered) if (wanted.has(id)) found.add(id);
}

function batches(ids: readonly string[], size: number): string[][] {
  const result: string[][] = [];
  for (let start = 0; start < ids.length; start += size) result.push(ids.slice(start, start + size));
  return result;
}
