/** Attributes that a group filter of ours names. */
export type GroupFilterAttribute = 'displayName' | 'externalId';

/** The two operators of RFC 7644 section 3.4.2.2 that are used: equal and starts with. */
export type GroupFilterOperator = 'eq' | 'sw';

/**
 * A SCIM filter expression. The value is written as a JSON string, as RFC 7644 section 3.4.2.2 asks, so quotes and backslashes
 * survive. URL encoding is a separate step and belongs to the request.
 */
export function groupFilter(attribute: GroupFilterAttribute, operator: GroupFilterOperator, value: string): string {
  return `${attribute} ${operator} ${JSON.stringify(value)}`;
}

/** True where servers are known to get a filter on the value wrong, so that an empty answer proves nothing. */
export function filterIsFragile(value: string): boolean {
  return /["\\]/u.test(value);
}
