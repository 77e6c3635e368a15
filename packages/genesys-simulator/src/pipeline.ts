import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorBody } from './errors.ts';
import { answer, type Outcome } from './fault-effects.ts';
import { decodedPath, type Exchange, parseJson, readBody, type Reply } from './http.ts';
import type { LoggedRequest } from './records.ts';
import { CONTROL_PREFIX, routeControl } from './routes/control.ts';
import type { SimulatorState } from './state.ts';
import { limitHeaders, MAX_BODY_BYTES, TOKEN_PATH } from './vendor.ts';

/** A seed of a load test is long; everything else has the limit of the vendor. */
const MAX_CONTROL_BYTES = 128 * 1024 * 1024;

/**
 * Takes one request from the socket to the log entry.
 * @param signal aborted when the simulator closes
 */
export async function serve(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const arrived = performance.now();
  const at = new Date().toISOString();
  const origin = `http://${request.headers.host ?? 'localhost'}`;
  const correlationId = randomUUID();
  const url = parseUrl(request.url ?? '/', origin);
  if (url === undefined) {
    await send(response, errorBody({ correlationId }, 400, 'bad.request', 'The URL cannot be read'), correlationId);
    return;
  }
  const isControl = url.pathname === CONTROL_PREFIX || url.pathname.startsWith(`${CONTROL_PREFIX}/`);
  const seq = isControl ? 0 : state.log.nextSeq();
  const { body, tooLarge } = await readBody(request, isControl ? MAX_CONTROL_BYTES : MAX_BODY_BYTES);
  const method = request.method ?? 'GET';
  const text = body.toString('utf8');
  const exchange = { method, url, origin, headers: request.headers, body, text, tooLarge, correlationId };
  if (isControl) {
    await send(response, routeControl(state, exchange), correlationId);
    return;
  }
  const path = decodedPath(url);
  const fault = state.faults.take({ method, path, body: text });
  const outcome = await answer(state, exchange, fault, signal).catch((error: unknown) => dropOnAbort(error, signal));
  const entry: LoggedRequest = {
    seq,
    at,
    method,
    path,
    status: response.destroyed ? 'dropped' : (outcome.reply?.status ?? 'dropped'),
    ...(fault === undefined ? {} : { fault: fault.kind }),
    ...(outcome.committed === undefined ? {} : { committed: outcome.committed }),
    ...loggedBody(exchange),
    durationMs: elapsed(arrived),
  };
  // Logged before it is sent: whoever has the answer finds the entry.
  state.log.add(entry, 'body' in entry ? body.length : 0);
  await finish(state, exchange, response, outcome, signal);
  if (!response.writableFinished) entry.status = 'dropped';
  entry.durationMs = elapsed(arrived);
  state.options.onRequest({ ...entry });
}

function parseUrl(target: string, origin: string): URL | undefined {
  try {
    return new URL(target, origin);
  } catch {
    return undefined;
  }
}

/** Sends the answer and waits until it is out or the connection is gone. */
async function finish(
  state: SimulatorState,
  exchange: Exchange,
  response: ServerResponse,
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> {
  const { reply, dribble } = outcome;
  if (reply === undefined) {
    response.destroy();
    return;
  }
  const full = { ...reply, headers: { ...limitHeaders(state, exchange), ...reply.headers } };
  if (dribble === undefined) await send(response, full, exchange.correlationId);
  else await sendSlowly(response, full, exchange.correlationId, dribble, signal);
}

async function send(response: ServerResponse, reply: Reply, correlationId: string): Promise<void> {
  if (response.destroyed) return;
  const closed = closedOrFinished(response);
  writeHead(response, reply, correlationId);
  response.end(reply.body);
  await closed;
}

async function sendSlowly(
  response: ServerResponse,
  reply: Reply,
  correlationId: string,
  dribble: { bytes: number; delayMs: number },
  signal: AbortSignal,
): Promise<void> {
  if (response.destroyed) return;
  const closed = closedOrFinished(response);
  writeHead(response, reply, correlationId);
  const body = Buffer.from(reply.body);
  for (let start = 0; start < body.length && !response.destroyed; start += dribble.bytes) {
    response.write(body.subarray(start, start + dribble.bytes));
    await sleep(dribble.delayMs, undefined, { signal }).catch((error: unknown) => dropOnAbort(error, signal));
  }
  response.end();
  await closed;
}

function writeHead(response: ServerResponse, reply: Reply, correlationId: string): void {
  // RFC 9110 section 8.6: no Content-Length on 204; on 304 it would be the length of another answer.
  const hasLength = reply.status !== 204 && reply.status !== 304;
  response.writeHead(reply.status, {
    'inin-correlation-id': correlationId,
    ...(hasLength ? { 'content-length': String(Buffer.byteLength(reply.body)) } : {}),
    ...reply.headers,
  });
}

function closedOrFinished(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
  });
}

/** A wait that the closing simulator ended is a lost connection; any other error goes on. */
function dropOnAbort(error: unknown, signal: AbortSignal): Outcome {
  if (!signal.aborted) throw error;
  return { reply: undefined, committed: undefined };
}

/** The parsed body for the log. The token request is left out: its form can hold the client secret. */
function loggedBody(exchange: Exchange): { body?: unknown } {
  if (exchange.text === '' || exchange.url.pathname === TOKEN_PATH) return {};
  const body = parseJson(exchange.text);
  return body === undefined ? {} : { body };
}

function elapsed(since: number): number {
  return Math.round((performance.now() - since) * 1000) / 1000;
}
