import { methodNotAllowed } from '../errors.ts';
import { parseFault } from '../faults.ts';
import { emptyReply, type Exchange, JSON_TYPE, jsonReply, mediaType, parseJson, type Reply } from '../http.ts';
import { DirectoryError } from '../directory.ts';
import type { LoggedRequest, RequestFilter } from '../records.ts';
import { parseSeed } from '../seed.ts';
import type { SimulatorState } from '../state.ts';

/** All control paths start with this. Requests to them are not in the log. */
export const CONTROL_PREFIX = '/_simulator';

type Handler = (state: SimulatorState, exchange: Exchange) => Reply;

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/': { GET: page },
  '/health': { GET: health },
  '/requests': {
    GET: (state, exchange) => jsonReply(200, { requests: state.log.list(readFilter(exchange)) }),
    DELETE: (state) => {
      state.log.clear();
      return emptyReply(204);
    },
  },
  '/groups': { GET: (state) => jsonReply(200, { groups: state.groups() }) },
  '/webhooks': { GET: (state) => jsonReply(200, { webhooks: state.webhooks() }) },
  '/faults': {
    POST: (state, exchange) => {
      state.faults.add(parseFault(readJson(exchange)));
      return emptyReply(204);
    },
    DELETE: (state) => {
      state.faults.clear();
      return emptyReply(204);
    },
  },
  '/reset': {
    POST: (state, exchange) => {
      state.reset(exchange.text === '' ? undefined : parseSeed(readJson(exchange)));
      return emptyReply(204);
    },
  },
};

/** Answers a control request. */
export function routeControl(state: SimulatorState, exchange: Exchange): Reply {
  const path = exchange.url.pathname.slice(CONTROL_PREFIX.length);
  const key = path === '' ? '/' : path;
  const methods = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
  if (methods === undefined) return problem(404, `${exchange.url.pathname} does not exist`);
  const handler = Object.hasOwn(methods, exchange.method) ? methods[exchange.method] : undefined;
  if (handler === undefined) return methodNotAllowed(exchange, Object.keys(methods));
  if (exchange.tooLarge) return problem(413, 'the body is too large');
  try {
    return handler(state, exchange);
  } catch (error) {
    if (error instanceof TypeError || error instanceof DirectoryError) return problem(400, error.message);
    throw error;
  }
}

function problem(status: number, message: string): Reply {
  return jsonReply(status, { message, status });
}

function readJson(exchange: Exchange): unknown {
  // A web page can send other types to this port without asking; JSON makes the browser ask first.
  if (mediaType(exchange) !== JSON_TYPE) throw new TypeError(`content type must be ${JSON_TYPE}`);
  const value = parseJson(exchange.text);
  if (value === undefined) throw new TypeError('the body is not JSON');
  return value;
}

function readFilter(exchange: Exchange): RequestFilter {
  const query = exchange.url.searchParams;
  const status = query.get('status') ?? undefined;
  return {
    method: query.get('method') ?? undefined,
    path: query.get('path') ?? undefined,
    status: status === undefined || status === 'dropped' ? status : Number(status),
  };
}

function health(state: SimulatorState): Reply {
  return jsonReply(200, {
    status: 'ok',
    users: state.directory.users().length,
    groups: state.directory.groups().length,
  });
}

const SHOWN = 200;

function page(state: SimulatorState): Reply {
  const requests = state.log.list().slice(-SHOWN).toReversed();
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Genesys simulator</title>',
    '<meta http-equiv="refresh" content="3">',
    '<style>body{font:14px monospace;margin:1rem}td,th{padding:2px 10px;text-align:left}</style></head><body>',
    `<p>${state.directory.groups().length} groups, ${state.directory.users().length} users, `,
    `${state.webhooks().length} webhooks. Last ${SHOWN} requests, newest first.</p>`,
    '<table><tr><th>#</th><th>at</th><th>method</th><th>path</th><th>status</th><th>ms</th><th>fault</th></tr>',
    ...requests.map(row),
    '</table></body></html>',
  ].join('\n');
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: html };
}

function row(request: LoggedRequest): string {
  const { seq, at, method, path, status, durationMs, fault = '' } = request;
  const cells = [seq, at, method, path, status, durationMs, fault].map(
    (cell) => `<td>${escapeHtml(String(cell))}</td>`,
  );
  return `<tr>${cells.join('')}</tr>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
