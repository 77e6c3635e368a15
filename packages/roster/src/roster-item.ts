import type { GroupDefinition, GroupRules, IssueCode } from '@scim-onboarding/scim-core';
import type { ColumnMap } from './columns.ts';

/** Codes of the problems that only a file can have; stable. */
export type RosterProblemCode =
  | IssueCode
  | 'empty_file'
  | 'invalid_encoding'
  | 'invalid_csv'
  | 'invalid_json'
  | 'missing_column'
  | 'wrong_width'
  | 'mixed_separators'
  | 'conflicting_value'
  | 'duplicate_group'
  | 'too_large';

/** Something in the file that has to be corrected. */
export interface RosterProblem {
  /** Line of the file, from 1; of a record with line breaks in it, the first one. */
  readonly row: number;
  /** Name of the column as the header has it (CSV). */
  readonly column?: string;
  /** JSON path in the file (JSON) or in the line (NDJSON). */
  readonly path?: string;
  readonly code: RosterProblemCode;
  /** What is wrong and what to do, for a person. */
  readonly message: string;
}

/** Something that a person should know and that stops nothing. */
export interface RosterNotice {
  readonly code: 'ignored_columns';
  readonly columns: readonly string[];
  readonly message: string;
}

export interface RosterGroup {
  readonly kind: 'group';
  readonly definition: GroupDefinition;
  /** Members that stood more than once in the file. */
  readonly duplicatesDropped: number;
  /** Line where the group stands for the first time. */
  readonly source: { readonly row: number };
  /**
   * False if the file has a row that may belong to this group and could not be assigned to any. Members may be missing then: pass it
   * on to `planGroup`, which removes nothing.
   */
  readonly complete: boolean;
}

export type RosterItem =
  | RosterGroup
  | { readonly kind: 'problem'; readonly problem: RosterProblem }
  | { readonly kind: 'notice'; readonly notice: RosterNotice };

export const ROSTER_FORMATS = ['csv', 'json', 'ndjson', 'auto'] as const;
/** `auto`: by the ending of the file name, and if that says nothing by what the file begins with. */
export type RosterFormat = (typeof ROSTER_FORMATS)[number];

export interface RosterOptions {
  readonly format: RosterFormat;
  readonly fileName: string;
  /** CSV: which column is which field, where the names of the header are not known ones. */
  readonly map?: ColumnMap | undefined;
  readonly rules: GroupRules;
  /** CSV: what separates ids in a column of members. Default: `;` or `|`, whichever comes first in the file. */
  readonly memberSeparator?: string | undefined;
  /** Where temporary files go. They hold what the file holds. Default: the system's folder. */
  readonly tmpFolder?: string | undefined;
  /** Characters of rows that are kept in memory before they go to temporary files. Default 8 Mi. */
  readonly memoryLimit?: number | undefined;
}

export function problem(problem: RosterProblem): RosterItem {
  return { kind: 'problem', problem };
}

/** The rest of the file cannot be read. Thrown inside the package, and given out as a problem. */
export class UnreadableRoster extends Error {
  readonly problem: RosterProblem;

  constructor(problem: RosterProblem) {
    super(problem.message);
    this.name = 'UnreadableRoster';
    this.problem = problem;
  }
}
