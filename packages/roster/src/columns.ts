/** Fields of a group that a column can hold. */
export const COLUMN_FIELDS = [
  'externalId',
  'displayName',
  'memberId',
  'members',
  'email',
  'description',
  'roles',
  'parentExternalId',
] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

/** Name of the column, by field. */
export type ColumnMap = Readonly<Partial<Record<ColumnField, string>>>;

/**
 * Names of columns that are known, in the order in which they are preferred. They are compared without case, spaces and signs, so
 * that `team_id`, `Team ID` and `TeamId` are one. `employee_id` is not among them: members are named by their id in the target.
 * Sources: the default names of columns in exports of Workday (Supervisory Organization), BambooHR (Department, Work Email), Personio
 * (Team, Department) and SAP SuccessFactors (Department Code, Business Email).
 */
const KNOWN_NAMES: Readonly<Record<ColumnField, readonly string[]>> = {
  externalId: [
    'externalId',
    'group external id',
    'group id',
    'team id',
    'team code',
    'department id',
    'department code',
    'organization reference id',
    'supervisory organization id',
    'organization id',
    'org unit id',
  ],
  displayName: [
    'displayName',
    'group name',
    'group',
    'team name',
    'team',
    'department name',
    'department',
    'supervisory organization',
    'organization name',
    'organization',
    'org unit',
  ],
  memberId: [
    'memberId',
    'user id',
    'genesys id',
    'genesys user id',
    'genesys cloud id',
    'member user id',
    'directory id',
    'scim id',
  ],
  members: ['members', 'member ids', 'user ids', 'genesys ids'],
  email: [
    'email',
    'work email',
    'email address',
    'member email',
    'user email',
    'business email',
    'business email address',
    'primary work email',
    'company email',
  ],
  description: ['description', 'group description', 'team description', 'department description'],
  roles: ['roles', 'group roles'],
  parentExternalId: ['parentExternalId', 'parent group id', 'parent team id', 'parent department id', 'parent id'],
};

export interface Column {
  readonly index: number;
  /** As the header has it. */
  readonly name: string;
}
export type Columns = Readonly<Partial<Record<ColumnField, Column>>>;

export interface FoundColumns {
  readonly columns: Columns;
  /** What is missing, each as a text for people. */
  readonly missing: readonly string[];
  /** Names of columns that are not used. */
  readonly ignored: readonly string[];
}

/** Finds the columns of a header. Names of `map` go before known names. */
export function findColumns(header: readonly string[], map: ColumnMap = {}): FoundColumns {
  const names = header.map((name) => name.trim());
  const plain = names.map(plainName);
  const columns: Partial<Record<ColumnField, Column>> = {};
  const missing: string[] = [];
  const taken = new Set<number>();
  const take = (field: ColumnField, index: number): void => {
    columns[field] = { index, name: names[index] ?? '' };
    taken.add(index);
  };
  for (const field of COLUMN_FIELDS) {
    const wanted = map[field];
    if (wanted === undefined) continue;
    const exact = names.indexOf(wanted.trim());
    const index = exact === -1 ? plain.indexOf(plainName(wanted)) : exact;
    if (index === -1) missing.push(`${JSON.stringify(wanted)} (mapped to ${field})`);
    else take(field, index);
  }
  for (const field of COLUMN_FIELDS) {
    if (map[field] !== undefined) continue;
    // One member a row is the clearer statement: "Members" beside it is often a number.
    if (field === 'members' && (columns.memberId !== undefined || map.memberId !== undefined)) continue;
    if (field === 'memberId' && map.members !== undefined) continue;
    const index = KNOWN_NAMES[field]
      .map((known) => plain.findIndex((name, at) => name === plainName(known) && !taken.has(at)))
      .find((at) => at !== -1);
    if (index !== undefined) take(field, index);
  }
  for (const field of ['externalId', 'displayName'] as const) {
    if (columns[field] === undefined && map[field] === undefined) missing.push(field);
  }
  const noMember = columns.memberId === undefined && columns.members === undefined;
  if (noMember && map.memberId === undefined && map.members === undefined) missing.push('memberId or members');
  return { columns, missing, ignored: names.filter((name, at) => name !== '' && !taken.has(at)) };
}

/**
 * Parses `externalId=TeamID,displayName=Team Name`. A column name with a comma stands in double quotes.
 *
 * @throws Error which names the part that is wrong
 */
export function parseColumnMap(text: string): ColumnMap {
  const map: Partial<Record<ColumnField, string>> = {};
  const part = /\s*([^=,]*?)\s*(?:=\s*(?:"((?:[^"]|"")*)"|([^,"]*?)))?\s*(?:,|$)/uy;
  while (part.lastIndex < text.length) {
    const from = part.lastIndex;
    const match = part.exec(text);
    const field = COLUMN_FIELDS.find((known) => known.toLowerCase() === match?.[1]?.toLowerCase());
    const column = match?.[2]?.replaceAll('""', '"') ?? match?.[3];
    if (match === null || field === undefined || column === undefined || column === '') {
      throw new Error(
        `Column map: ${JSON.stringify(text.slice(from).trim())} is not <field>=<column>; fields are ${COLUMN_FIELDS.join(', ')}`,
      );
    }
    if (map[field] !== undefined) throw new Error(`Column map: ${field} stands there twice`);
    map[field] = column;
  }
  return map;
}

function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
