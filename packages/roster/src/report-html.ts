import { needsPerson, REPORT_OUTCOMES, type ReportedGroup, type RosterReport } from './report.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
ul.totals { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
ul.totals li { border: 1px solid #8888; border-radius: .4rem; padding: .3rem .8rem; }
ul.totals b { font-size: 1.2rem; margin-right: .4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { white-space: nowrap; }
div.table { overflow-x: auto; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.person td:first-child { border-left: .3rem solid #c0392b; }
@media print {
  body { margin: 0; max-width: none; font-size: 10px; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
}`;

/** The report as one HTML page that needs nothing else and runs no script; groups that wait for a person come first. */
export async function* reportHtml(report: RosterReport): AsyncGenerator<string> {
  const { roster, startedAt, endedAt, totals, groups } = report;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Onboarding of ${escapeHtml(roster.file)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Onboarding of ${escapeHtml(roster.file)}</h1>
<dl>
<dt>Groups</dt><dd>${roster.groups}</dd>
<dt>Started</dt><dd>${escapeHtml(startedAt)}</dd>
<dt>Ended</dt><dd>${escapeHtml(endedAt ?? 'still running')}</dd>
<dt>Roster SHA-256</dt><dd>${escapeHtml(roster.digest)}</dd>
</dl>
<h2>Totals</h2>
<ul class="totals">
`;
  for (const outcome of REPORT_OUTCOMES) {
    if (totals[outcome] > 0) yield `<li><b>${totals[outcome]}</b>${outcome}</li>\n`;
  }
  yield '</ul>\n';
  const waiting = groups.filter((group) => group.outcome === 'blocked');
  const wrong = groups.filter((group) => group.outcome !== 'blocked' && needsPerson(group));
  const fine = groups.filter((group) => !needsPerson(group));
  yield* section('Blocked: waiting for a decision', waiting);
  yield* section('Not done, or not as it should be', wrong);
  yield* section('All others', fine);
  yield '</body>\n</html>\n';
}

function* section(title: string, groups: readonly ReportedGroup[]): Generator<string> {
  if (groups.length === 0) return;
  yield `<h2>${escapeHtml(title)} (${groups.length})</h2>
<div class="table">
<table>
<thead><tr><th scope="col">Group</th><th scope="col">externalId</th><th scope="col">Outcome</th><th scope="col">Why</th><th scope="col">Id in the target</th><th scope="col">Seconds</th><th scope="col">Workflow</th></tr></thead>
<tbody>
`;
  for (const group of groups) yield row(group);
  yield '</tbody>\n</table>\n</div>\n';
}

function row(group: ReportedGroup): string {
  const why = [group.blockedReason, group.message].filter((part) => part !== undefined).join(': ');
  const seconds = group.latencyMs === undefined ? '' : (group.latencyMs / 1_000).toFixed(1);
  const cells = [group.displayName, group.externalId, group.outcome, why, group.groupId ?? '']
    .map((cell) => `<td>${escapeHtml(cell)}</td>`)
    .join('');
  const marked = needsPerson(group) ? ' class="person"' : '';
  return `<tr${marked}>${cells}<td class="number">${seconds}</td><td>${escapeHtml(group.workflowId)}</td></tr>\n`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
