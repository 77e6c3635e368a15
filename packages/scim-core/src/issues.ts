/** Codes of the problems that validation finds; stable, so that a caller may act on them. */
export type IssueCode =
  | 'required'
  | 'invalid_type'
  | 'unknown_key'
  | 'empty'
  | 'too_long'
  | 'invalid_characters'
  | 'invalid_name'
  | 'invalid_email'
  | 'invalid_urn'
  | 'invalid_value'
  | 'too_many_members'
  | 'name_taken'
  | 'unknown_member'
  | 'role_not_allowed'
  | 'restricted_ancestor'
  | 'restricted_descendant'
  | 'parent_not_found'
  | 'parent_restricted'
  | 'privilege_loop'
  | 'hierarchy_too_large';

/** One problem of a group definition. */
export interface ValidationIssue {
  /** JSON path of the offending value in the definition, for example `$.members[3].id`. */
  readonly path: string;
  readonly code: IssueCode;
  /** What is wrong and what to do, for a person. */
  readonly message: string;
}

/** Writes a JSON path, with brackets for array indexes and for keys that are not identifiers. */
export function jsonPath(segments: readonly PropertyKey[]): string {
  let path = '$';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (typeof segment === 'string' && /^[A-Za-z_$][\w$]*$/.test(segment)) path += `.${segment}`;
    else path += `[${JSON.stringify(String(segment))}]`;
  }
  return path;
}

/** One line an issue, for error messages and terminals. */
export function formatIssues(issues: readonly ValidationIssue[]): string {
  return issues.map((issue) => `${issue.path}: ${issue.message} (${issue.code})`).join('\n');
}
