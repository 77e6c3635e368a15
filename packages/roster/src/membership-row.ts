import * as z from 'zod';
import type { CsvRecord } from './csv-rows.ts';
import type { ColumnField, Columns } from './columns.ts';
import type { RosterProblem } from './roster-item.ts';

/** What one record says about a group. The keys are short: rows are written to temporary files. */
export const membershipRowSchema = z.object({
  row: z.number(),
  id: z.string(),
  name: z.string(),
  text: z.string().optional(),
  parent: z.string().optional(),
  roles: z.array(z.string()).optional(),
  members: z.array(z.tuple([z.string(), z.string().optional()])),
  /** The record had a problem, so the group is not to be used. */
  bad: z.boolean().optional(),
});
export type MembershipRow = z.infer<typeof membershipRowSchema>;

/** A record, read: a row of a group, or only problems if it is not known of which group. */
export interface ReadRecord {
  readonly membership?: MembershipRow;
  readonly problems: readonly RosterProblem[];
}

const SEPARATORS = [';', '|'] as const;

/** Makes the function that reads records; it remembers the separator that it found. */
export function recordReader(columns: Columns, width: number, separator?: string): (record: CsvRecord) => ReadRecord {
  let found = separator;
  const list = (value: string): string[] | undefined => {
    found ??= SEPARATORS.filter((sign) => value.includes(sign)).sort((a, b) => value.indexOf(a) - value.indexOf(b))[0];
    if (separator === undefined && SEPARATORS.some((sign) => sign !== found && value.includes(sign))) return undefined;
    const parts = found === undefined ? [value] : value.split(found);
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  };
  return ({ row, cells }) => {
    // Cells that are empty at the end do no harm: spreadsheets write them.
    if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== '')) {
      return {
        problems: [
          {
            row,
            code: 'wrong_width',
            message: `has ${cells.length} values, the header has ${width}; a value with the delimiter in it must stand in double quotes`,
          },
        ],
      };
    }
    const raw = (field: ColumnField): string => cells[columns[field]?.index ?? -1] ?? '';
    const cell = (field: ColumnField): string => raw(field).trim();
    const column = (field: ColumnField): { column?: string } => {
      const name = columns[field]?.name;
      return name === undefined ? {} : { column: name };
    };
    const id = cell('externalId');
    if (id === '') {
      return {
        problems: [
          { row, ...column('externalId'), code: 'required', message: 'is empty: the group has no externalId' },
        ],
      };
    }
    const problems: RosterProblem[] = [];
    const listed = (field: 'members' | 'roles'): string[] => {
      const parts = list(raw(field));
      if (parts !== undefined) return parts;
      const message = `holds both ; and |, so it is not clear what separates the values; give the separator`;
      problems.push({ row, ...column(field), code: 'mixed_separators', message });
      return [];
    };
    const memberId = cell('memberId');
    const email = cell('email');
    if (columns.memberId !== undefined && memberId === '' && email !== '') {
      const message = `is empty, so that the member cannot be added; write the member's id in the target, or remove the row`;
      problems.push({ row, ...column('memberId'), code: 'required', message });
    }
    const members: MembershipRow['members'] =
      memberId === ''
        ? columns.members === undefined
          ? []
          : listed('members').map((member) => [member])
        : [email === '' ? [memberId] : [memberId, email]];
    const roles = columns.roles === undefined ? [] : listed('roles');
    const text = raw('description');
    const parent = cell('parentExternalId');
    return {
      membership: {
        row,
        id,
        name: cell('displayName'),
        ...(text === '' ? {} : { text }),
        ...(parent === '' ? {} : { parent }),
        ...(roles.length === 0 ? {} : { roles }),
        members,
        ...(problems.length === 0 ? {} : { bad: true }),
      },
      problems,
    };
  };
}
