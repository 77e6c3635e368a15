import { Directory, type DirectoryGroup, type GroupFields } from './directory.ts';
import { FaultQueue } from './faults.ts';
import { searchGroups } from './group-search.ts';
import type { Exchange } from './http.ts';
import type { ResolvedOptions } from './options.ts';
import { RateLimiter } from './rate-limit.ts';
import type { ReceivedWebhook, SimulatedGroup } from './records.ts';
import { RequestLog } from './request-log.ts';
import type { FilterNode } from './scim-filter.ts';
import type { Seed } from './seed.ts';
import { TokenStore } from './tokens.ts';
import { type ApiFamily, Visibility } from './visibility.ts';

/** Everything one simulator remembers. */
export class SimulatorState {
  readonly options: ResolvedOptions;
  readonly tokens: TokenStore;
  readonly faults = new FaultQueue();
  readonly log: RequestLog;
  readonly limiter: RateLimiter;
  readonly visibility: Visibility;
  directory: Directory;
  #webhooks: ReceivedWebhook[] = [];

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.tokens = new TokenStore(options.tokenTtlSeconds);
    this.log = new RequestLog(options.logEntries, options.logBodyBytes);
    this.limiter = new RateLimiter(options.rateLimitPerMinute, options.rateLimitWindowMs);
    this.visibility = new Visibility(options.visibilityDelayMs);
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

  /**
   * Creates a group for a request, so that it takes its time to be seen.
   * @throws DirectoryError when a unique value is taken or a member is not known
   */
  createGroup(fields: GroupFields): DirectoryGroup {
    const group = this.directory.createGroup(fields);
    this.visibility.created(group.id);
    return group;
  }

  /** A group as a request to one API finds it by id. */
  findGroup(api: ApiFamily, exchange: Exchange, id: string): DirectoryGroup | undefined {
    const group = this.directory.group(id);
    if (group === undefined) return undefined;
    if (exchange.method !== 'GET' && !this.options.hideFromWrites) return group;
    return this.#isSeen(api, exchange, group) ? group : undefined;
  }

  /** The groups that a request to one API finds in a list, in the order they were created. */
  findGroups(api: ApiFamily, exchange: Exchange, filter?: FilterNode): DirectoryGroup[] {
    return searchGroups(this.directory, filter).filter((group) => this.#isSeen(api, exchange, group));
  }

  #isSeen(api: ApiFamily, exchange: Exchange, group: DirectoryGroup): boolean {
    if (exchange.hiddenGroup !== undefined && group.displayName.toLowerCase() === exchange.hiddenGroup) return false;
    return this.visibility.isVisible(api, group.id);
  }

  /** Back to a seed, by default the one of the start. Tokens stay live, as a client of a real organization expects. */
  reset(seed: Seed = this.options.seed): void {
    // Built first: a wrong seed must not leave half a reset behind.
    this.directory = new Directory(seed);
    this.faults.clear();
    this.log.clear();
    this.limiter.reset();
    this.visibility.clear();
    this.#webhooks = [];
  }
}

/** The short form of a group that tests and people look at. */
export function toSimulatedGroup(group: DirectoryGroup): SimulatedGroup {
  const { id, displayName, externalId, members, version } = group;
  const { description, visibility, type } = group.settings;
  return {
    id,
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    members: [...members],
    version,
    ...(description === undefined ? {} : { description }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(type === undefined ? {} : { type }),
  };
}
