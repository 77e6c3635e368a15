import { describe, expect, it } from 'vitest';
import { CAPABILITY_TABLE, describeCapabilities, targetsDocument } from './capability-table.ts';
import { SCIM_PROFILES } from './profiles.ts';

const columns = (line: string): string[] => line.split(/(?<!\\)\|/u).slice(1, -1);

describe('targetsDocument', () => {
  const lines = targetsDocument().split('\n');
  const rows = lines.filter((line) => line.startsWith('|'));

  it('has a column for every target, and no row with a hole', () => {
    expect(CAPABILITY_TABLE).toHaveLength(Object.keys(SCIM_PROFILES).length + 1);
    for (const row of rows) expect(columns(row)).toHaveLength(CAPABILITY_TABLE.length + 1);
    const cells = rows.slice(1).flatMap(columns);
    expect(cells.filter((cell) => cell.trim() === '')).toEqual([]);
  });

  it('names every target with the source of its limits', () => {
    for (const { title, source } of CAPABILITY_TABLE) expect(lines).toContain(`- **${title}**: ${source}.`);
  });

  it('says what platform cannot do', () => {
    const platform = CAPABILITY_TABLE.find((target) => target.setting === 'platform');
    const said = new Map(
      describeCapabilities(platform?.capabilities ?? fail()).map(({ capability, value }) => [capability, value]),
    );
    expect(said.get('Creates a group by')).toBe('POST /api/v2/groups');
    expect(said.get('Members in one request')).toBe('50');
    expect(said.get('Members in the create request')).toBe('none');
    expect(said.get('externalId in the create request')).toBe('no');
    expect(said.get('Looks up by externalId')).toBe('by name, then by the whole list');
  });
});

function fail(): never {
  throw new Error('there is no platform');
}
