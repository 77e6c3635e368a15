import { INPUT_LIMITS, parseGroupDefinition, type GroupRules, type ValidationIssue } from '@scim-onboarding/scim-core';
import type { ColumnField, Columns } from './columns.ts';
import type { MembershipRow } from './membership-row.ts';
import { problem, type RosterItem, type RosterProblem } from './roster-item.ts';

interface GatheredMember {
  readonly email: string | undefined;
  readonly row: number;
}

/** A value and the line which gave it. */
interface Given {
  readonly value: string;
  readonly row: number;
}

type SingleField = 'displayName' | 'description' | 'parentExternalId';

/** What the rows of one group say together. */
export interface GatheredGroup {
  readonly externalId: string;
  readonly row: number;
  readonly single: Partial<Record<SingleField, Given>>;
  readonly roles: Set<string>;
  readonly members: Map<string, GatheredMember>;
  readonly conflicts: Map<SingleField, RosterProblem>;
  duplicatesDropped: number;
  bad: boolean;
}

export function newGroup({ id, row }: MembershipRow): GatheredGroup {
  return {
    externalId: id,
    row,
    single: {},
    roles: new Set(),
    members: new Map(),
    conflicts: new Map(),
    duplicatesDropped: 0,
    bad: false,
  };
}

/** Adds a row. Members above the bound of a definition are counted no further: the group is refused for their number anyway. */
export function addRow(group: GatheredGroup, row: MembershipRow, columns: Columns): void {
  setSingle(group, 'displayName', row.name, row.row, columns);
  setSingle(group, 'description', row.text, row.row, columns);
  setSingle(group, 'parentExternalId', row.parent, row.row, columns);
  for (const role of row.roles ?? []) if (group.roles.size <= INPUT_LIMITS.roles) group.roles.add(role);
  for (const [id, email] of row.members) {
    if (group.members.has(id)) group.duplicatesDropped += 1;
    else if (group.members.size <= INPUT_LIMITS.members) group.members.set(id, { email, row: row.row });
  }
  if (row.bad === true) group.bad = true;
}

function setSingle(
  group: GatheredGroup,
  field: SingleField,
  value: string | undefined,
  row: number,
  columns: Columns,
): void {
  if (value === undefined || value === '') return;
  const before = group.single[field];
  if (before === undefined) {
    group.single[field] = { value, row };
    return;
  }
  if (before.value === value || group.conflicts.has(field)) return;
  group.conflicts.set(field, {
    row,
    ...columnOf(columns, field),
    code: 'conflicting_value',
    message: `group ${JSON.stringify(group.externalId)} has the ${field} ${short(value)} in row ${row} and ${short(before.value)} in row ${before.row}; a group has one`,
  });
}

/** The group as a definition, or what is wrong with it. Nothing, if its problems were reported with its rows. */
export function* groupItems(
  group: GatheredGroup,
  columns: Columns,
  rules: GroupRules,
  complete: boolean,
): Generator<RosterItem> {
  const { description, parentExternalId } = group.single;
  const ids = [...group.members.keys()];
  const parsed = parseGroupDefinition(
    {
      externalId: group.externalId,
      displayName: group.single.displayName?.value ?? '',
      members: [...group.members].map(([id, { email }]) => ({ id, ...(email === undefined ? {} : { email }) })),
      ...(description === undefined ? {} : { description: description.value }),
      ...(parentExternalId === undefined ? {} : { parentExternalId: parentExternalId.value }),
      ...(group.roles.size === 0 ? {} : { roles: [...group.roles] }),
    },
    rules,
  );
  for (const conflict of group.conflicts.values()) yield problem(conflict);
  if (!parsed.ok) {
    for (const issue of parsed.issues) yield problem(locate(issue, group, ids, columns));
    return;
  }
  if (group.conflicts.size > 0 || group.bad) return;
  yield {
    kind: 'group',
    definition: parsed.definition,
    duplicatesDropped: group.duplicatesDropped,
    source: { row: group.row },
    complete,
  };
}

/** From the path in the definition to the line and the column. */
function locate(issue: ValidationIssue, group: GatheredGroup, ids: readonly string[], columns: Columns): RosterProblem {
  const [, field = '', index, part] = /^\$\.(\w+)(?:\[(\d+)\](?:\.(\w+))?)?/u.exec(issue.path) ?? [];
  const member = index === undefined ? undefined : group.members.get(ids[Number(index)] ?? '');
  const single = field === 'displayName' || field === 'description' || field === 'parentExternalId' ? field : undefined;
  return {
    row: (field === 'members' ? member?.row : single && group.single[single]?.row) ?? group.row,
    ...(field === 'members' ? memberColumn(columns, part) : columnOf(columns, field as ColumnField)),
    code: issue.code,
    message: `group ${JSON.stringify(group.externalId)}: ${issue.message}`,
  };
}

function memberColumn(columns: Columns, part: string | undefined): { column?: string } {
  if (part === 'email') return columnOf(columns, 'email');
  return columnOf(columns, columns.memberId === undefined ? 'members' : 'memberId');
}

function columnOf(columns: Columns, field: ColumnField): { column?: string } {
  const name = columns[field]?.name;
  return name === undefined ? {} : { column: name };
}

function short(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}
