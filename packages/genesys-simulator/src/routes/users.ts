import { errorBody, methodNotAllowed } from '../errors.ts';
import { readPaging } from '../entity-listing.ts';
import { decodeOrKeep, type Exchange, jsonReply, type Reply } from '../http.ts';
import type { SeedUser } from '../seed.ts';
import type { SimulatorState } from '../state.ts';
import { toUserEntity } from '../user-entity.ts';

const PATH = '/api/v2/users';
const MAX_PAGE_SIZE = 500;

/** Answers `/api/v2/users` and `/api/v2/users/{id}`; `undefined` for another path. */
export function routeUsers(state: SimulatorState, exchange: Exchange): Reply | undefined {
  const { pathname } = exchange.url;
  const id = pathname.startsWith(`${PATH}/`) ? pathname.slice(PATH.length + 1) : undefined;
  if (pathname !== PATH && (id === undefined || id === '' || id.includes('/'))) return undefined;
  if (exchange.method !== 'GET') return methodNotAllowed(exchange, ['GET']);
  return id === undefined ? listUsers(state, exchange) : getUser(state, exchange, decodeOrKeep(id));
}

function getUser(state: SimulatorState, exchange: Exchange, id: string): Reply {
  const user = state.directory.user(id);
  if (user === undefined) return errorBody(exchange, 404, 'not.found', `The requested user (${id}) was not found`);
  return jsonReply(200, toUserEntity(user));
}

function listUsers(state: SimulatorState, exchange: Exchange): Reply {
  const { pageSize, pageNumber } = readPaging(exchange, MAX_PAGE_SIZE);
  const users = selectUsers(
    state,
    exchange.url.searchParams.getAll('id').flatMap((value) => value.split(',')),
  );
  const start = (pageNumber - 1) * pageSize;
  return jsonReply(200, {
    entities: users.slice(start, start + pageSize).map(toUserEntity),
    pageSize,
    pageNumber,
    total: users.length,
    pageCount: Math.ceil(users.length / pageSize),
  });
}

/** Ids that no user has are left out without a word, as Genesys does. */
function selectUsers(state: SimulatorState, ids: readonly string[]): SeedUser[] {
  if (ids.length === 0) return state.directory.users();
  return [...new Set(ids)].map((id) => state.directory.user(id)).filter((user) => user !== undefined);
}
