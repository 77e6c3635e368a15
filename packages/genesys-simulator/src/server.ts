import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, parseFault } from './faults.ts';
import { resolveOptions, type SimulatorOptions } from './options.ts';
import { serve } from './pipeline.ts';
import type { LoggedRequest, ReceivedWebhook, RequestFilter, SimulatedGroup } from './records.ts';
import type { Seed, SeedGroup, SeedUser } from './seed.ts';
import { SimulatorState, toSimulatedGroup } from './state.ts';
import { WEBHOOK_PATH } from './vendor.ts';

/** A running simulator. */
export interface Simulator {
  /** Scheme, host and port, for both the login host and the API host. */
  readonly url: string;
  /** URL of the HRIS webhook sink. */
  readonly webhookUrl: string;
  /** All groups in the order they were created. */
  groups(): SimulatedGroup[];
  /** Logged requests in order of arrival. */
  requests(filter?: RequestFilter): LoggedRequest[];
  /** Webhooks in order of arrival. */
  webhooks(): ReceivedWebhook[];
  /** @throws TypeError when it is not a fault */
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Users and groups of a seed (default: the one of the start); no faults, requests, webhooks. Tokens stay live. */
  reset(seed?: Seed): void;
  /** @throws DirectoryError when a unique value is taken or a member is not known */
  addGroup(group: SeedGroup): SimulatedGroup;
  addUsers(users: readonly SeedUser[]): void;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/**
 * Starts a simulator and waits until it listens.
 * @throws TypeError or RangeError for a wrong option, DirectoryError for a seed that contradicts itself, and the error
 * of the operating system when the port cannot be used
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const state = new SimulatorState(resolved);
  const closing = new AbortController();
  // Each request that is held back listens.
  setMaxListeners(0, closing.signal);
  // 500 user ids in one query are about 20 KB, more than Node's 16 KB for a request head.
  const server = createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 60_000 }, (request, response) => {
    serve(state, request, response, closing.signal).catch(() => {
      // The client went away while it was sending, so there is nobody to answer.
      response.destroy();
    });
  });
  server.listen(resolved.port, resolved.host);
  await once(server, 'listening');
  const url = urlOf(server);
  return {
    url,
    webhookUrl: `${url}${WEBHOOK_PATH}`,
    groups: () => state.groups(),
    requests: (filter) => state.log.list(filter),
    webhooks: () => state.webhooks(),
    addFault: (fault) => state.faults.add(parseFault(fault)),
    clearFaults: () => state.faults.clear(),
    reset: (seed) => state.reset(seed),
    addGroup: (group) => toSimulatedGroup(state.directory.addGroup(group)),
    addUsers: (users) => state.directory.addUsers(users),
    close: () => close(server, closing),
  };
}

async function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  // "All addresses" is nothing a client can connect to.
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
