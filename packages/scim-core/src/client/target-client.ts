import { isScimError, type ScimErrorCode } from '../errors.ts';
import { authorizedSend } from './authorized-send.ts';
import { createHttp, type RequestEvent } from './http.ts';
import { createScimTarget } from './scim-target.ts';
import { targetUrls, type TargetSettings } from './settings.ts';
import type { GroupTarget } from './target.ts';
import { createTokenSource } from './token.ts';

/** One check of {@link TargetClient.probe}. */
export interface ProbeResult {
  readonly check: 'token' | 'groups' | 'users';
  readonly ok: boolean;
  /** METHOD and URL. */
  readonly request: string;
  readonly message: string;
  readonly hint?: string;
  readonly code?: ScimErrorCode;
}

/** A connection pool and a token cache for one target; made once a process. */
export interface TargetClient {
  /** The target, with requests that end when the signal is aborted. */
  target(signal?: AbortSignal): GroupTarget;
  /** Asks for a token, one group and one user; reads only. Does not throw for what the target answers. */
  probe(signal?: AbortSignal): Promise<ProbeResult[]>;
  close(): Promise<void>;
}

export interface TargetClientOptions {
  /** Called after each request with what may be logged. */
  readonly onRequest?: (event: RequestEvent) => void;
}

export function createTargetClient(settings: TargetSettings, options: TargetClientOptions = {}): TargetClient {
  const urls = targetUrls(settings);
  const http = createHttp({ timeoutMs: settings.GENESYS_TIMEOUT_MS, ...options });
  const tokens = createTokenSource({
    url: urls.token,
    clientId: settings.GENESYS_CLIENT_ID,
    clientSecret: settings.GENESYS_CLIENT_SECRET,
    scope: settings.GENESYS_OAUTH_SCOPE,
    http,
  });
  const send = authorizedSend(http, tokens);
  const target = (signal?: AbortSignal): GroupTarget => createScimTarget(urls, send, signal);

  const check = async (
    name: ProbeResult['check'],
    request: string,
    run: () => Promise<unknown>,
  ): Promise<ProbeResult> => {
    try {
      await run();
      return { check: name, ok: true, request, message: 'answers' };
    } catch (error) {
      if (!isScimError(error)) throw error;
      return { check: name, ok: false, request, message: error.message, hint: error.hint, code: error.code };
    }
  };

  return {
    target,
    async probe(signal) {
      const token = await check('token', `POST ${urls.token.href}`, () => tokens.token());
      if (!token.ok) return [token];
      const port = target(signal);
      return [
        token,
        await check('groups', `GET ${urls.groups}`, () => port.findByExternalId('onboard-doctor')),
        await check('users', `GET ${urls.users}`, () => port.existingUsers(['00000000-0000-0000-0000-000000000000'])),
      ];
    },
    close: () => http.close(),
  };
}
