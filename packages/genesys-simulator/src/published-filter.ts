import { FilterError, type FilterNode } from './scim-filter.ts';
import { withoutGroupUrn } from './urns.ts';

const COMPARISON = /^\s*(?<name>\S+)\s+(?<operator>\S+)\s+(?:(?<quoted>"(?:[^"\\]|\\[^])*")|(?<bare>[^\s"]+))\s*$/;

/**
 * Parses a filter of Genesys' published SCIM API for groups: `displayName eq ...` or `id eq ...`, the only forms its
 * description shows. The value is a JSON string, or one word without quotes as in those examples.
 * @param allowExternalId whether `externalId eq ...` is taken too
 * @throws FilterError for everything else
 */
export function parsePublishedFilter(text: string, allowExternalId: boolean): FilterNode {
  const { name, operator, quoted, bare } = COMPARISON.exec(text)?.groups ?? {};
  if (name === undefined || operator === undefined) {
    throw new FilterError('expected: attribute eq value, with quotes when the value has spaces', 0);
  }
  const attribute = withoutGroupUrn(name).toLowerCase();
  const isKnown = attribute === 'displayname' || attribute === 'id' || (attribute === 'externalid' && allowExternalId);
  if (!isKnown) throw new FilterError(`attribute ${JSON.stringify(name)} cannot be filtered on`, text.indexOf(name));
  if (operator.toLowerCase() !== 'eq') {
    throw new FilterError(`operator ${JSON.stringify(operator)} is not supported; use eq`, text.indexOf(operator));
  }
  return { kind: 'compare', attribute, operator: 'eq', value: quoted === undefined ? (bare ?? '') : unquote(quoted) };
}

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new FilterError(`${text} is not a JSON string`, 0);
  }
}
