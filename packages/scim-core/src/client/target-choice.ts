import { isScimError } from '../errors.ts';
import { onceSuccessful } from './once.ts';
import { createRequests } from './requests.ts';
import type { AuthorizedSend } from './authorized-send.ts';
import type { TargetSettings } from './settings.ts';
import type { TargetName } from './target.ts';

/** Which API groups are written by, and how that was found out. */
export interface ChosenTarget {
  readonly name: TargetName;
  /** For people, for example `GET … answered 404`. */
  readonly why: string;
}

export interface TargetChoice {
  /** Undefined until it was looked. */
  chosen(): ChosenTarget | undefined;
  /**
   * Looks at first use where it has to; remembered for the process.
   *
   * @throws {ScimError} whatever the target answers that is neither "there are groups" nor 404: there is no guess
   */
  choose(): Promise<ChosenTarget>;
  /** The request that decides, for people; undefined if the settings decide. */
  readonly probe: string | undefined;
}

export interface TargetChoiceOptions {
  readonly settings: TargetSettings;
  readonly groupsUrl: string;
  readonly send: AuthorizedSend;
  readonly onChosen?: ((name: TargetName, why: string) => void) | undefined;
}

export function createTargetChoice(options: TargetChoiceOptions): TargetChoice {
  const fixed = fixedChoice(options.settings);
  const url = `${options.groupsUrl}?startIndex=1&count=1&excludedAttributes=members`;
  let known = fixed;
  const choose = onceSuccessful(async () => {
    known = fixed ?? (await look(options.send, url));
    options.onChosen?.(known.name, known.why);
    return known;
  });
  return { chosen: () => known, choose, probe: fixed === undefined ? `GET ${url}` : undefined };
}

function fixedChoice({ SCIM_BASE_URL, GENESYS_GROUPS_API }: TargetSettings): ChosenTarget | undefined {
  if (SCIM_BASE_URL !== undefined) return { name: 'scim', why: 'SCIM_BASE_URL is set' };
  if (GENESYS_GROUPS_API === 'auto') return undefined;
  return { name: GENESYS_GROUPS_API, why: `GENESYS_GROUPS_API is ${GENESYS_GROUPS_API}` };
}

async function look(send: AuthorizedSend, url: string): Promise<ChosenTarget> {
  try {
    // The page is parsed: a login page with status 200 is no SCIM server.
    await createRequests(send, undefined).getPage(url);
    return { name: 'scim', why: `GET ${url} answered with groups` };
  } catch (error) {
    if (isScimError(error, 'not_found')) return { name: 'platform', why: `GET ${url} answered 404` };
    throw error;
  }
}
