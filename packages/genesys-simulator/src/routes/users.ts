import { errorBody, methodNotAllowed } from '../errors.ts';
import { decodeOrKeep, type Exchange, jsonReply, type Reply, ReplyError } from '../http.ts';
import type { SeedUser } from '../seed.ts';
import type { SimulatorState } from '../state.ts';

const PATH = '/api/v2/users';
const DEFAULT_PAGE_SIZE = 25;
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
  return jsonReply(200, toUser(user));
}

function listUsers(state: SimulatorState, exchange: Exchange): Reply {
  const pageSize = readPositive(exchange, 'pageSize', DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const pageNumber = readPositive(exchange, 'pageNumber', 1, Number.MAX_SAFE_INTEGER);
  const users = selectUsers(state, exchange.url.searchParams.getAll('id'));
  const start = (pageNumber - 1) * pageSize;
  return jsonReply(200, {
    entities: users.slice(start, start + pageSize).map(toUser),
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

function toUser(user: SeedUser): Record<string, string> {
  const { id, name, email } = user;
  return { id, name, email, state: 'active', selfUri: `${PATH}/${encodeURIComponent(id)}` };
}

function readPositive(exchange: Exchange, name: string, fallback: number, most: number): number {
  const text = exchange.url.searchParams.get(name);
  if (text === null) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  const message = `${name} must be a whole number from 1 to ${most}, not ${JSON.stringify(text)}`;
  throw new ReplyError(errorBody(exchange, 400, 'invalid.query.param.value', message));
}
