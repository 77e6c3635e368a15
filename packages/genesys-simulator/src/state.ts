import { Directory, type DirectoryGroup } from './directory.ts';
import { FaultQueue } from './faults.ts';
import type { ResolvedOptions } from './options.ts';
import { RateLimiter } from './rate-limit.ts';
import type { ReceivedWebhook, SimulatedGroup } from './records.ts';
import { RequestLog } from './request-log.ts';
import type { Seed } from './seed.ts';
import { TokenStore } from './tokens.ts';

/** Everything one simulator remembers. */
export class SimulatorState {
  readonly options: ResolvedOptions;
  readonly tokens: TokenStore;
  readonly faults = new FaultQueue();
  readonly log: RequestLog;
  readonly limiter: RateLimiter | undefined;
  directory: Directory;
  #webhooks: ReceivedWebhook[] = [];

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.tokens = new TokenStore(options.tokenTtlSeconds);
    this.log = new RequestLog(options.logEntries, options.logBodyBytes);
    this.limiter = options.rateLimitPerMinute === undefined ? undefined : new RateLimiter(options.rateLimitPerMinute);
    this.directory = new Directory(options.seed);
  }

  webhooks(): ReceivedWebhook[] {
    return this.#webhooks.map((webhook) => ({ ...webhook }));
  }

  addWebhook(webhook: ReceivedWebhook): void {
    this.#webhooks.push(webhook);
    if (this.#webhooks.length > this.options.logEntries) this.#webhooks.shift();
  }

  groups(): SimulatedGroup[] {
    return this.directory.groups().map(toSimulatedGroup);
  }

  /** Back to a seed, by default the one of the start. Tokens stay live, as a client of a real organization expects. */
  reset(seed: Seed = this.options.seed): void {
    // Built first: a wrong seed must not leave half a reset behind.
    this.directory = new Directory(seed);
    this.faults.clear();
    this.log.clear();
    this.limiter?.reset();
    this.#webhooks = [];
  }
}

/** The short form of a group that tests and people look at. */
export function toSimulatedGroup(group: DirectoryGroup): SimulatedGroup {
  const { id, displayName, externalId, members, version } = group;
  return { id, displayName, ...(externalId === undefined ? {} : { externalId }), members: [...members], version };
}
