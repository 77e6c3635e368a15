import { isScimError, type ScimErrorCode } from '../errors.ts';
import type { Connections } from './connections.ts';
import { untilAborted } from './once.ts';
import type { TargetFactory } from './scim-target.ts';
import type { TargetChoice } from './target-choice.ts';
import type { TargetName } from './target.ts';
import type { TargetUrls } from './urls.ts';

/** One check of {@link TargetClient.probe}. */
export interface ProbeResult {
  /** `api`: which API groups are written by, and why. */
  readonly check: 'token' | 'api' | 'groups' | 'users';
  readonly ok: boolean;
  /** METHOD and URL; for `token` with a fixed token, and for `api` by settings, the setting. */
  readonly request: string;
  readonly message: string;
  readonly hint?: string;
  readonly code?: ScimErrorCode;
}

export interface ProbeOptions {
  readonly urls: TargetUrls;
  readonly connections: Connections;
  readonly choice: TargetChoice;
  readonly targets: Readonly<Record<TargetName, TargetFactory>>;
}

/** A name and an id that no directory has. */
const NO_GROUP = 'onboard-doctor';
const NO_USER = '00000000-0000-0000-0000-000000000000';

/** Asks for a token, which API it is, a group and a user; reads only. Stops where the next check could not run. */
export async function probeTarget(options: ProbeOptions, signal?: AbortSignal): Promise<ProbeResult[]> {
  const { urls, connections, choice, targets } = options;
  const tokens = (choice.chosen()?.name === 'platform' ? connections.platform : connections.scim).tokens;
  const tokenRequest = urls.token === undefined ? 'SCIM_BEARER_TOKEN' : `POST ${urls.token.href}`;
  const token = await check('token', tokenRequest, async () => {
    await untilAborted(tokens.token(), signal);
    return urls.token === undefined ? 'is set' : 'answers';
  });
  if (!token.ok) return [token];

  let name: TargetName | undefined;
  const api = await check('api', choice.probe ?? 'settings', async () => {
    const chosen = await untilAborted(choice.choose(), signal);
    name = chosen.name;
    return `${chosen.name}: ${chosen.why}`;
  });
  if (name === undefined) return [token, api];

  const { groups, users } = name === 'platform' ? platformPaths(urls) : urls.scim;
  const makeTarget = targets[name];
  return [
    token,
    api,
    await check('groups', `GET ${groups}`, async () => {
      const target = await makeTarget(signal);
      // On platform this leaves out what is costly; like all SCIM requests there it needs directory:group:edit.
      await (name === 'platform' ? target.findByDisplayName(NO_GROUP) : target.findByExternalId(NO_GROUP));
      return name === 'platform'
        ? 'answers: directory:group:edit is there (directory:group:add and :delete cannot be checked by reading)'
        : 'answers';
    }),
    await check('users', `GET ${users}`, async () => {
      await (await makeTarget(signal)).existingUsers([NO_USER]);
      return 'answers';
    }),
  ];
}

function platformPaths({ platform }: TargetUrls): { readonly groups: string; readonly users: string } {
  return { groups: platform.scimGroups, users: platform.users };
}

/** Does not throw for what the target answers. */
async function check(name: ProbeResult['check'], request: string, run: () => Promise<string>): Promise<ProbeResult> {
  try {
    return { check: name, ok: true, request, message: await run() };
  } catch (error) {
    if (!isScimError(error)) throw error;
    return { check: name, ok: false, request, message: error.message, hint: error.hint, code: error.code };
  }
}
