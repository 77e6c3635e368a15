/** The rules that an installation can change by settings. */
export interface GroupRules {
  /** The most members that a definition may have once duplicates are dropped. Default 500 (`MAX_GROUP_MEMBERS`). */
  readonly maxMembers: number;
  /** What a displayName must match, as a whole. Default: letters, digits, `_` and `-` (`GROUP_NAME_PATTERN`). */
  readonly namePattern: RegExp;
}

export const DEFAULT_NAME_PATTERN = '^[A-Za-z0-9_-]+$';

export const DEFAULT_RULES: GroupRules = { maxMembers: 500, namePattern: new RegExp(DEFAULT_NAME_PATTERN, 'u') };

/** Bounds of the input itself, whatever the settings are: nothing larger is parsed. */
export const INPUT_LIMITS = {
  /** SQL visibility stores of Temporal keep 255 characters of a KEYWORD. */
  externalId: 255,
  displayName: 256,
  description: 4_000,
  memberId: 256,
  email: 320,
  members: 50_000,
  roles: 100,
  roleName: 256,
  extensions: 20,
  /** Size of one definition file in bytes. */
  bytes: 16 * 1024 * 1024,
} as const;
