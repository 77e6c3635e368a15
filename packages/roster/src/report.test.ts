import { describe, expect, it } from 'vitest';
import { reportHtml } from './report-html.ts';
import { reportCsv, reportJson } from './report-text.ts';
import { reportTotals, type ReportedGroup, type RosterReport } from './report.ts';

const groups: ReportedGroup[] = [
  { externalId: 'e1', displayName: 'Fine', outcome: 'created', groupId: 'g1', latencyMs: 1_234, workflowId: 'w1' },
  {
    externalId: '=1+1',
    displayName: '<script>alert(1)</script>',
    outcome: 'failed',
    message: 'a "b", c',
    workflowId: 'w2',
  },
  { externalId: 'e3', displayName: '\t@SUM(A1)', outcome: 'blocked', blockedReason: "it's", workflowId: '-w3' },
];
const made = (list: readonly ReportedGroup[]): RosterReport => ({
  roster: { file: 'a&b.csv', digest: 'd', groups: list.length },
  startedAt: '2026-01-01T00:00:00Z',
  totals: reportTotals(list),
  groups: list,
});

async function text(parts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const part of parts) all += part;
  return all;
}

describe('report', () => {
  it('counts by outcome', () => {
    expect(reportTotals(groups)).toMatchObject({ created: 1, failed: 1, blocked: 1, adopted: 0 });
  });

  it('is CSV without formulas', async () => {
    expect((await text(reportCsv(made(groups)))).split('\r\n')).toEqual([
      'externalId,displayName,outcome,groupId,blockedReason,message,latencyMs,workflowId',
      'e1,Fine,created,g1,,,1234,w1',
      `'=1+1,<script>alert(1)</script>,failed,,,"a ""b"", c",,w2`,
      `e3,"'\t@SUM(A1)",blocked,,it's,,,'-w3`,
      '',
    ]);
  });

  it('is JSON', async () => {
    for (const list of [groups, []]) expect(JSON.parse(await text(reportJson(made(list))))).toEqual(made(list));
  });

  it('is HTML with blocked groups first, in which nothing of the groups is markup', async () => {
    const html = await text(reportHtml(made(groups)));
    expect(html).not.toMatch(/<script|a&b|it's/u);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const places = [
      'Totals',
      'Blocked: waiting',
      '<td>e3</td>',
      'Not done',
      '=1+1',
      'All others',
      '<td>e1</td>',
      '</html>',
    ];
    const at = places.map((place) => html.indexOf(place));
    expect(at).not.toContain(-1);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
  });

  it('comes in small parts', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ ...groups[0], externalId: `e${at}` }) as ReportedGroup);
    for (const render of [reportCsv, reportJson, reportHtml]) {
      let parts = 0;
      for await (const part of render(made(many))) {
        parts += 1;
        expect(part.length).toBeLessThan(5_000);
      }
      expect(parts).toBeGreaterThan(10_000);
    }
  });
});
