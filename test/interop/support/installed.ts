import type { ProvidedContext } from 'vitest';

/** What the peers need, each installed once before the first test. */
export const INSTALLATIONS = ['scim2', 'django', 'canaille', 'npm'] as const;

export type InstallationName = (typeof INSTALLATIONS)[number];

/** `path`: the Python of an environment, or the folder with `node_modules`. */
export type Installation =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

export type Installations = Readonly<Record<InstallationName, Installation>>;

declare module 'vitest' {
  interface ProvidedContext {
    installations: Installations;
  }
}

/** The name under which the global set-up hands the installations to the tests. */
export const INSTALLATIONS_KEY = 'installations' satisfies keyof ProvidedContext;

/** A missing peer fails where a green run has to mean something, and is skipped on a machine without Python or network. */
export function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false' && env['CI'] !== '0';
}
