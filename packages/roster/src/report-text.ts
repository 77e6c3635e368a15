import type { ReportedGroup, RosterReport } from './report.ts';

const COLUMNS = [
  'externalId',
  'displayName',
  'outcome',
  'groupId',
  'blockedReason',
  'message',
  'latencyMs',
  'workflowId',
] as const satisfies readonly (keyof ReportedGroup)[];

/**
 * The report as CSV (RFC 4180), a line at a time. A value that a spreadsheet would take for a formula gets an apostrophe in front
 * (OWASP, "CSV Injection").
 */
export async function* reportCsv({ groups }: RosterReport): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const group of groups) yield `${COLUMNS.map((column) => csvCell(group[column])).join(',')}\r\n`;
}

/** The report as JSON, a group at a time. */
export async function* reportJson({ groups, ...head }: RosterReport): AsyncGenerator<string> {
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "groups": [`;
  let separator = '\n';
  for (const group of groups) {
    yield `${separator}    ${JSON.stringify(group)}`;
    separator = ',\n';
  }
  yield `${groups.length === 0 ? '' : '\n  '}]\n}\n`;
}

function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // Spreadsheets also take the wide forms of the signs, and skip white space in front of them.
  const safe = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]/u.test(safe) || safe.trim() !== safe ? `"${safe.replaceAll('"', '""')}"` : safe;
}
