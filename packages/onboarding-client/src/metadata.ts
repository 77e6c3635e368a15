import { memberCount, type ConflictPolicy, type WireDefinition } from '@scim-onboarding/onboarding-contract';

/** The server refuses a summary of more than 400 bytes; Temporal advises 200. */
const SUMMARY_BYTES = 200;
const SHOWN_ROLES = 10;

/** The line that the Temporal UI shows for a run. Holds no member data. */
export function runSummary(definition: WireDefinition): string {
  const count = memberCount(definition);
  const tail = ` (${count} ${count === 1 ? 'member' : 'members'})`;
  return `Onboard ${cutToBytes(definition.displayName, SUMMARY_BYTES - Buffer.byteLength(`Onboard ${tail}`))}${tail}`;
}

export interface RunFacts {
  readonly definition: WireDefinition;
  readonly duplicatesDropped: number;
  readonly tenant: string;
  readonly requestedBy?: string;
  readonly digest: string;
  readonly conflictPolicy?: ConflictPolicy;
}

/** The details that the Temporal UI shows for a run, in Markdown. Holds no member data. */
export function runDetails(facts: RunFacts): string {
  const { definition, duplicatesDropped, tenant, requestedBy, digest, conflictPolicy } = facts;
  const roles = definition.roles ?? [];
  const rows: [string, string][] = [
    ['External id', code(definition.externalId)],
    ['Display name', code(definition.displayName)],
    ['Tenant', code(tenant)],
    [
      'Members',
      `${memberCount(definition)}${duplicatesDropped > 0 ? `, ${duplicatesDropped} duplicates dropped` : ''}`,
    ],
  ];
  if (definition.parentExternalId !== undefined) rows.push(['Parent', code(definition.parentExternalId)]);
  if (roles.length > 0) {
    const more = roles.length > SHOWN_ROLES ? ` and ${roles.length - SHOWN_ROLES} more` : '';
    rows.push(['Roles', `${roles.slice(0, SHOWN_ROLES).map(code).join(', ')}${more}`]);
  }
  if (conflictPolicy !== undefined) rows.push(['If the group exists', code(conflictPolicy)]);
  if (requestedBy !== undefined) rows.push(['Requested by', code(requestedBy)]);
  rows.push(['Definition digest', code(digest)]);
  return rows.map(([name, value]) => `- **${name}**: ${value}`).join('\n');
}

/** Cuts between code points and marks the cut. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let left = bytes - Buffer.byteLength('…');
  for (const char of text) {
    left -= Buffer.byteLength(char);
    if (left < 0) break;
    kept += char;
  }
  return `${kept}…`;
}

/** A code span; a backtick inside would end it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
