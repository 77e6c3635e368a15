import { isScimError, type GroupDefinition, type GroupResource } from '@scim-onboarding/scim-core';
import {
  createTargetClient,
  parseTargetSettings,
  type GroupTarget,
  type RequestEvent,
  type TargetClient,
} from '@scim-onboarding/scim-core/client';
import type { PlainScim } from './plain-scim.ts';

/** A peer, the client under test in front of it, and a way around the client. */
export interface Subject {
  readonly target: GroupTarget;
  readonly plain: PlainScim;
  /** Ids of three users. */
  readonly users: readonly [string, string, string];
  /** A definition with a name and an externalId that no other has. */
  definition(parts?: Partial<GroupDefinition>): GroupDefinition;
  /** Runs with a client of its own that has other settings. */
  withSettings<T>(settings: Readonly<Record<string, string>>, run: (target: GroupTarget) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param settings of the target, by the names of their environment variables */
export async function openSubject(
  settings: Readonly<Record<string, string>>,
  plain: PlainScim,
  peer: string,
): Promise<Subject> {
  const client = clientOf(settings);
  let count = 0;
  return {
    target: await client.target(),
    plain,
    users: [await plain.addUser('interop-1'), await plain.addUser('interop-2'), await plain.addUser('interop-3')],
    definition(parts = {}) {
      count += 1;
      return { externalId: `${peer}-${count}`, displayName: `Group ${count} of ${peer}`, members: [], ...parts };
    },
    async withSettings(others, run) {
      const other = clientOf({ ...settings, ...others });
      try {
        return await run(await other.target());
      } finally {
        await other.close();
      }
    },
    close: () => client.close(),
  };
}

/** @throws {Error} naming the settings that are wrong */
export function clientOf(
  settings: Readonly<Record<string, string>>,
  onRequest: (event: RequestEvent) => void = () => {},
): TargetClient {
  const parsed = parseTargetSettings(settings);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return createTargetClient(parsed.settings, { onRequest });
}

/** The result of a call, or how the client names its failure: code, status and what the server gave as reason. */
export async function outcomeOf<T>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    if (!isScimError(error)) throw error;
    const { status, reason } = error.facts;
    return [error.code, status, reason].filter((part) => part !== undefined).join(' ');
  }
}

/** Members as their places among the users of the subject, so that outcomes can be written down. */
export function memberNumbers({ users }: Subject, group: GroupResource): (number | string)[] {
  const numbers = (group.memberIds ?? []).map((id) => (users.includes(id) ? users.indexOf(id) + 1 : id));
  return numbers.toSorted(byText);
}

export function byText(a: string | number, b: string | number): number {
  return String(a).localeCompare(String(b), 'en');
}
