import { createConnections } from './connections.ts';
import { createHttp, type RequestEvent } from './http.ts';
import { untilAborted } from './once.ts';
import { pacedHttp } from './paced-http.ts';
import { createPacer } from './pacer.ts';
import { createPlatformTargets } from './platform-target.ts';
import { probeTarget, type ProbeResult } from './probe.ts';
import { SCIM_PROFILES } from './profiles.ts';
import { createScimTargets, type TargetFactory } from './scim-target.ts';
import type { TargetSettings } from './settings.ts';
import { createTargetChoice } from './target-choice.ts';
import type { GroupTarget, TargetName } from './target.ts';
import { targetUrls } from './urls.ts';

/** A connection pool, a token cache and a rate budget for one target; made once a process. */
export interface TargetClient {
  /**
   * The target, with requests that end when the signal is aborted. With `GENESYS_GROUPS_API=auto` the first call looks which API the
   * organization has: one GET on the SCIM groups path, 404 means `platform`. All callers wait for the same request, and the answer is
   * remembered for the process.
   *
   * @param options `urgent`: its requests go before others where the rate limit is nearly used up; default false
   * @throws {ScimError} if that request fails: there is no guess, and the next call looks again
   */
  target(signal?: AbortSignal, options?: TargetOptions): Promise<GroupTarget>;
  /** Which API groups are written by; undefined until it was looked. */
  chosen(): TargetName | undefined;
  /** Asks for a token, which API it is, one group and one user; reads only. Does not throw for what the target answers. */
  probe(signal?: AbortSignal): Promise<ProbeResult[]>;
  close(): Promise<void>;
}

/** How a caller's requests share the rate limit. */
export interface TargetOptions {
  readonly urgent?: boolean;
}

export interface TargetClientOptions {
  /** Called after each request with what may be logged. */
  readonly onRequest?: (event: RequestEvent) => void;
  /** Called once, when it is clear which API groups are written by. */
  readonly onChosen?: (name: TargetName, why: string) => void;
}

/** @param settings as parsed by `parseTargetSettings`; @throws {TypeError} if a credential is missing that it would have asked for */
export function createTargetClient(settings: TargetSettings, options: TargetClientOptions = {}): TargetClient {
  const urls = targetUrls(settings);
  const http = createHttp({
    timeoutMs: settings.GENESYS_TIMEOUT_MS,
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
  const paced = pacedHttp(http, createPacer({ reserve: settings.GENESYS_RATE_LIMIT_RESERVE }));
  const connections = createConnections(settings, urls, http, paced);
  const choice = createTargetChoice({
    settings,
    groupsUrl: urls.scim.groups,
    send: connections.scim.send,
    onChosen: options.onChosen,
  });
  const profile = settings.SCIM_PROFILE ?? (settings.SCIM_BASE_URL === undefined ? 'genesys-scim' : 'generic');
  const targets: Readonly<Record<TargetName, TargetFactory>> = {
    scim: createScimTargets({
      urls: urls.scim,
      profile: SCIM_PROFILES[profile],
      removeBy: settings.SCIM_REMOVE_BY,
      send: connections.scim.send,
    }),
    platform: createPlatformTargets({
      urls: urls.platform,
      newGroups: {
        type: settings.GENESYS_GROUP_TYPE,
        visibility: settings.GENESYS_GROUP_VISIBILITY,
        rulesVisible: settings.GENESYS_GROUP_RULES_VISIBLE === 'true',
      },
      send: connections.platform.send,
    }),
  };
  return {
    target: async (signal, { urgent = false } = {}) =>
      targets[(await untilAborted(choice.choose(), signal)).name](signal, urgent),
    chosen: () => choice.chosen()?.name,
    probe: (signal) => probeTarget({ urls, connections, choice, targets }, signal),
    close: () => http.close(),
  };
}
