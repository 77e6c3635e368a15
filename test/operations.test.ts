import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURE_TYPES, SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import {
  connectClient,
  devServerEnvironment,
  startDevServer,
  type DevServer,
  type TemporalClient,
} from '@scim-onboarding/temporal-connection';
import { repositoryRoot } from './fixture-folder.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const page = read('docs/operations.md');
const alerts = read('ops/prometheus/alerts.yml');

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
/** The contents of the code blocks of a language. */
const blocks = (language: string): string[] => all(page, new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
const anchors = all(page, /^#{2,3} (.+)$/gm).map((heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-'),
);

describe('docs/operations.md', () => {
  it('has a section for every failure type, and for nothing else', () => {
    const [, byType = ''] = page.split('\n## By failure type\n');

    expect(all(byType, /^### (.+)$/gm).sort()).toEqual(Object.values(FAILURE_TYPES).sort());
    for (const section of byType.split(/^### /m).slice(1)) expect(section.length, section).toBeGreaterThan(60);
  });

  it('has every metric of the worker, and no other', () => {
    expect(all(page, /^\| `(onboarding_\w+)`/gm).sort()).toEqual(
      all(read('apps/worker/src/metrics.ts'), /'(onboarding_\w+)'/g).sort(),
    );
  });

  it('has every alert with the section that the alert names', () => {
    const named = [...alerts.matchAll(/- alert: (\w+)[\s\S]*?runbook: docs\/operations\.md#(\S+)/g)].map(
      ([, alert, anchor]) => `${alert} ${anchor}`,
    );
    const listed = [...page.matchAll(/^\| `(\w+)` +\| \[[^\]]+\]\(#([^)]+)\)/gm)].map(
      ([, alert, anchor]) => `${alert} ${anchor}`,
    );

    expect(named).toHaveLength(all(alerts, /- alert: (\w+)/g).length);
    expect(listed).toEqual(named);
    expect(named.filter((line) => !anchors.includes(line.split(' ')[1] ?? ''))).toEqual([]);
  });

  it('shows images that are there and are small, and all of them', () => {
    const shown = all(page, /!\[[^\]]+\]\((images\/[^)]+)\)/g);

    expect(shown.sort()).toEqual(
      readdirSync(join(repositoryRoot, 'docs/images'))
        .map((name) => `images/${name}`)
        .sort(),
    );
    for (const image of shown) expect(statSync(join(repositoryRoot, 'docs', image)).size, image).toBeLessThan(300_000);
  });

  it('names commands and options that the command has', { timeout: 120_000 }, () => {
    const main = join(repositoryRoot, 'apps/starter/dist/main.js');
    expect(existsSync(main)).toBe(true);
    const helps = new Map<string, string>();
    const help = (words: readonly string[]): string => {
      const key = words.join(' ');
      const text = helps.get(key) ?? execFileSync(process.execPath, [main, ...words, '--help'], { encoding: 'utf8' });
      helps.set(key, text);
      return text;
    };
    const used = [...blocks('sh').flatMap((block) => block.split('\n')), ...all(page, /`(onboard [^`]+)`/g)].filter(
      (line) => line.startsWith('onboard '),
    );
    expect(used.length).toBeGreaterThan(20);
    const wrong = used.filter((line) => {
      const [, name = '', sub = ''] = line.split(' ');
      const words = ['deploy', 'schedule'].includes(name) ? [name, sub] : [name];
      const known = [...help(words.slice(0, -1)).matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1]);
      const options = line.replaceAll(/(["']).*?\1/g, '').match(/--[a-z-]+/g) ?? [];
      return !known.includes(words.at(-1)) || options.some((option) => !new RegExp(`${option}\\b`).test(help(words)));
    });
    expect(wrong).toEqual([]);
  });
});

describe('the saved views', () => {
  let server: DevServer;
  let temporal: TemporalClient;
  beforeAll(async () => {
    server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
    temporal = await connectClient({ env: devServerEnvironment(server) });
  });
  afterAll(async () => {
    await temporal?.close();
    await server?.stop();
  });

  it.each(blocks('sql').map((query) => [query.trim()]))('%s', async (query) => {
    const { count } = await temporal.client.workflow.count(query);

    expect(count).toBe(0);
  });
});

describe('ops/', () => {
  it('gives Grafana panels with places of their own and with queries', () => {
    const { panels } = JSON.parse(read('ops/grafana/dashboards/onboarding.json')) as {
      panels: { title: string; gridPos: { x: number; y: number; w: number }; targets: { expr: string }[] }[];
    };

    expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length);
    expect(panels.filter(({ gridPos, targets }) => gridPos.x + gridPos.w > 24 || targets.length === 0)).toEqual([]);
  });

  it('has the job that alerts and dashboard name, at the port that Compose gives the worker', () => {
    const config = read('ops/prometheus/prometheus.yml');
    const [port] = all(config, /port: (\d+)/g);
    const jobs = new Set(all(alerts + read('ops/grafana/dashboards/onboarding.json'), /job=\\?"([\w-]+)/g));

    expect(all(config, /job_name: (\S+)/g)).toEqual([...jobs]);
    expect(read('docker-compose.yml')).toContain(`WORKER_METRICS_ADDRESS: 0.0.0.0:${port}`);
  });
});
