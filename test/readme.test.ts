import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import { EXIT } from '../apps/starter/dist/exit-codes.js';
import { STEP_POLICIES } from '../apps/worker/dist/workflows/retry-policies.js';
import { all, builtFolders, read, section, unique } from './pages.ts';

describe('README.md', () => {
  const readme = read('README.md');

  it('begins with the two commands, and they are scripts', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const [demo = '', test = ''] = all(readme, /^```sh\n(npm ci .*)\n```$/gm);

    expect([demo, test]).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(scripts).toEqual(expect.arrayContaining(['demo', 'test', 'dev', 'replay', 'record-histories']));
    for (const name of ['record-histories', 'test:interop', 'replay', 'verify'])
      expect(read('CONTRIBUTING.md')).toContain(`npm run ${name}`);
  });

  it('has the commands of onboard', () => {
    const files = ['cli', 'operator-commands', 'roster-commands'].map((name) => read(`apps/starter/src/${name}.ts`));
    const source = files.join('');
    const ofDeploy = all(source, /\bdeploy\s*\.command\('([\w-]+)'\)/g).map((name) => `deploy ${name}`);
    const ofRoster = all(source, /\b(?:one\(|roster\s*\.command\()'([\w-]+)'/g).map((name) => `roster ${name}`);
    const ofSchedule = all(read('apps/starter/src/schedule-commands.ts'), /\b(?:one\(|command\()'([\w-]+)'/g)
      .filter((name) => name !== 'schedule')
      .map((name) => `schedule ${name}`);
    const commands = all(source, /\bprogram\s*\.command\('([\w-]+)'\)/g).filter(
      (name) => name !== 'deploy' && name !== 'roster',
    );
    const known = [...commands, ...ofDeploy, ...ofRoster, ...ofSchedule];

    expect(ofDeploy.length).toBeGreaterThan(1);
    expect(
      all(
        section('README.md', 'The onboard command'),
        /^\| `onboard ((?:deploy|roster|schedule) [\w-]+|[\w-]+)/gm,
      ).sort(),
    ).toEqual(known.toSorted());
    expect(
      unique(all(readme, /\b(?:npx |`)onboard ((?:deploy|roster|schedule) [\w-]+|[\w-]+)/g)).filter(
        (name) => !known.includes(name),
      ),
    ).toEqual([]);
  });

  it('has the exit codes of onboard', () => {
    const codes = all(section('README.md', 'The onboard command'), /^\| (\d+) /gm).map(Number);

    expect(codes).toEqual(Object.values(EXIT));
  });

  it('shows the example program as it is', () => {
    const [code = ''] = all(readme, /```ts\n([\s\S]*?)```/g);

    expect(code.length).toBeGreaterThan(100);
    expect(read('examples/src/start-from-a-service.ts').endsWith(code)).toBe(true);
  });

  it('lists every package and app', () => {
    expect(all(section('README.md', 'Layout'), /^\| `([^`]+)`/gm).sort()).toEqual(builtFolders().sort());
  });
});

describe('ARCHITECTURE.md', () => {
  it('has the packages with what they import', () => {
    const rows = section('ARCHITECTURE.md', 'Packages')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const documented = rows.map(([, name = '', kind, imports = '']) => [
      name.replaceAll('`', ''),
      { kind, imports: all(imports, /`([^`]+)`/g).sort() },
    ]);
    const real = builtFolders().map((folder) => {
      const manifest = JSON.parse(read(join(folder, 'package.json'))) as {
        name: string;
        dependencies?: Record<string, string>;
      };
      const { tags } = JSON.parse(read(join(folder, 'turbo.json'))) as { tags: string[] };
      const own = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@scim-onboarding/'));
      const short = (name: string): string => name.replace('@scim-onboarding/', '');
      return [short(manifest.name), { kind: tags.join(), imports: own.map(short).sort() }];
    });

    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(real));
  });

  it('has the steps and the task queues', () => {
    expect(all(section('ARCHITECTURE.md', 'Steps'), /^\| `(\w+-\w+)`/gm).sort()).toEqual(
      Object.keys(STEP_POLICIES).sort(),
    );
    expect(all(section('ARCHITECTURE.md', 'Task queues'), /^\| `([\w-]+)`/gm).sort()).toEqual(
      Object.values(TASK_QUEUES).sort(),
    );
  });
});
