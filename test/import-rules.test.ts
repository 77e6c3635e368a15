import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, repositoryRoot, runTool } from './fixture-folder.ts';

/** The settings under test, with the files of a case in folders that are called like those of the project. */
const settings = {
  '.oxlintrc.json': readFileSync(join(repositoryRoot, '.oxlintrc.json'), 'utf8'),
  'package.json': '{ "type": "module" }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      target: 'ES2022',
      lib: ['ES2023'],
      module: 'nodenext',
      types: ['node'],
      noEmit: true,
      allowImportingTsExtensions: true,
    },
    include: ['**/*.ts'],
  }),
};

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

type Finding = { rule: string; file: string; text: string };

/** What oxlint says about these files. It has to fail exactly when it finds something. */
function lint(files: Readonly<Record<string, string>>): Finding[] {
  const folder = makeFolder({ ...settings, ...files });
  folders.push(folder);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  const targets = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))];
  const run = runTool('oxlint', ['--type-aware', '--deny-warnings', '--format=json', ...targets], folder);
  expect(run.stdout, run.output).toMatch(/^\{/);
  const report = JSON.parse(run.stdout) as {
    number_of_files: number;
    diagnostics: Array<{ code: string; filename: string; message: string; help?: string }>;
  };
  expect(report.number_of_files).toBe(Object.keys(files).length);
  expect(run.status).toBe(report.diagnostics.length > 0 ? 1 : 0);
  return report.diagnostics.map(({ code, filename, message, help }) => ({
    rule: code.replace(/^.*\((.*)\)$/, '$1'),
    file: filename,
    text: `${message} ${help ?? ''}`,
  }));
}

const workflow = 'apps/worker/src/workflows/onboard.ts';
const activities = 'apps/worker/src/activities/index.ts';

describe('oxlint refuses', () => {
  const imports = 'no-restricted-imports';
  const builtins = 'no-nodejs-modules';
  const globals = 'no-restricted-globals';

  it.each<[what: string, rule: string, file: string, code: string]>([
    [
      'a Node built-in in workflow code',
      builtins,
      workflow,
      `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;`,
    ],
    ['undici in workflow code', imports, workflow, `import { request } from 'undici';\nexport const r = request;`],
    ['zod in workflow code', imports, workflow, `import { z } from 'zod';\nexport const s = z.string();`],
    [
      'the zod entry of the contract in workflow code',
      imports,
      workflow,
      `import { a } from '@scim-onboarding/onboarding-contract';\nexport const b = a;`,
    ],
    [
      'a value of scim-core in workflow code',
      imports,
      workflow,
      `import { a } from '@scim-onboarding/scim-core';\nexport const b = a;`,
    ],
    ['the HTTP client in workflow code', imports, workflow, `export * from '@scim-onboarding/scim-core/client';`],
    [
      'the Temporal client in workflow code',
      imports,
      workflow,
      `import { Client } from '@temporalio/client';\nexport const c = Client;`,
    ],
    [
      'the worker process in workflow code',
      imports,
      workflow,
      `import { a } from '../config.ts';\nexport const b = a;`,
    ],
    [
      'a value of an activity in workflow code',
      imports,
      workflow,
      `import { createActivities } from '../activities/index.ts';\nexport const a = createActivities;`,
    ],
    [
      'a dynamic import of an activity in workflow code',
      imports,
      workflow,
      `export const a = () => import('../activities/index.ts');`,
    ],
    ['fetch in workflow code', globals, workflow, `export const f = () => fetch('http://127.0.0.1/');`],
    ['the environment in workflow code', globals, workflow, `export const e = () => process.version;`],
    ['an interval in workflow code', globals, workflow, `export const i = () => setInterval(() => undefined, 1);`],
    ['crypto in workflow code', globals, workflow, `export const u = () => crypto.randomUUID();`],
    ['Buffer in workflow code', globals, workflow, `export const b = () => Buffer.from('a');`],
    [
      'undici in the root entry of scim-core',
      imports,
      'packages/scim-core/src/filter.ts',
      `import { request } from 'undici';\nexport const r = request;`,
    ],
    [
      'the HTTP client in the root entry of scim-core',
      imports,
      'packages/scim-core/src/index.ts',
      `export * from './client/index.ts';`,
    ],
    [
      'a Node built-in in the root entry of scim-core',
      builtins,
      'packages/scim-core/src/filter.ts',
      `import { join } from 'node:path';\nexport const j = join;`,
    ],
    [
      'Temporal in the HTTP client',
      imports,
      'packages/scim-core/src/client/transport.ts',
      `import { ApplicationFailure } from '@temporalio/common';\nexport const a = ApplicationFailure;`,
    ],
    [
      'zod in the workflow entry of the contract',
      imports,
      'packages/onboarding-contract/src/workflow.ts',
      `export { z } from 'zod';`,
    ],
    [
      'an app in a package',
      imports,
      'packages/audit-log/src/index.ts',
      `import { a } from '@scim-onboarding/worker';\nexport const b = a;`,
    ],
    [
      'an app in an app',
      imports,
      'apps/demo/src/stack.ts',
      `import { a } from '@scim-onboarding/worker';\nexport const b = a;`,
    ],
    [
      'a relative import into an app',
      imports,
      'packages/audit-log/src/index.ts',
      `import { a } from '../../../apps/worker/src/config.ts';\nexport const b = a;`,
    ],
    [
      'a relative import into another package',
      imports,
      'packages/audit-log/src/index.ts',
      `import { a } from '../../scim-core/src/index.ts';\nexport const b = a;`,
    ],
    [
      'a file of another package',
      imports,
      'packages/audit-log/src/index.ts',
      `import { a } from '@scim-onboarding/scim-core/dist/filter.js';\nexport const b = a;`,
    ],
    [
      'the native worker in the client',
      imports,
      'packages/onboarding-client/src/index.ts',
      `import { Worker } from '@temporalio/worker';\nexport const w = Worker;`,
    ],
    [
      'the native worker in the command',
      imports,
      'apps/starter/src/cli.ts',
      `import { Worker } from '@temporalio/worker';\nexport const w = Worker;`,
    ],
    [
      'the HTTP client in another command than doctor',
      imports,
      'apps/starter/src/commands/start.ts',
      `import { a } from '@scim-onboarding/scim-core/client';\nexport const b = a;`,
    ],
    [
      'the environment outside config.ts',
      'no-process-env',
      'packages/audit-log/src/store.ts',
      `export const file = process.env['AUDIT_LOG_FILE'];`,
    ],
    [
      'the environment by import',
      imports,
      'packages/audit-log/src/store.ts',
      `import { env } from 'node:process';\nexport const file = env['AUDIT_LOG_FILE'];`,
    ],
    ['console in a library', 'no-console', 'packages/audit-log/src/store.ts', `console.log('a');`],
    [
      'a floating promise',
      'no-floating-promises',
      activities,
      `async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}`,
    ],
    ['an any', 'no-explicit-any', activities, `export function f(a: any): void {\n  void a;\n}`],
    ['a default export', 'no-default-export', activities, `export default 1;`],
    ['a file of more than 400 lines', 'max-lines', activities, `export const a = 1;\n`.concat('// line\n'.repeat(401))],
  ])('%s: %s', (_what, rule, file, code) => {
    const findings = lint({ [file]: `${code}\n` });

    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(findings.every((finding) => finding.file === file)).toBe(true);
  });

  it('an import cycle: no-cycle', () => {
    const findings = lint({
      'packages/audit-log/src/a.ts': `import { b } from './b.ts';\nexport const a = (): number => b();\n`,
      'packages/audit-log/src/b.ts': `import { a } from './a.ts';\nexport const b = (): number => a();\n`,
    });

    expect(findings.map((finding) => finding.rule)).toContain('no-cycle');
  });
});

describe('oxlint accepts', () => {
  it('what the arrows of the architecture allow', () => {
    const findings = lint({
      [workflow]: [
        `import type { ScimGroup } from '@scim-onboarding/scim-core';`,
        `import { STEPS } from '@scim-onboarding/onboarding-contract/workflow';`,
        `import { sleep } from '@temporalio/workflow';`,
        `import type { Activities } from '../activities/index.ts';`,
        `import { decide } from './conflict.ts';`,
        `export const steps = [STEPS, sleep, decide];`,
        `export type Used = [ScimGroup, Activities];`,
        '',
      ].join('\n'),
      'apps/worker/src/workflows/conflict.ts': `export const decide = (): string => 'adopt';\n`,
      'apps/worker/src/workflows/conflict.test.ts': `import { readFileSync } from 'node:fs';\nexport const r = [readFileSync, process.env['CI']];\n`,
      [activities]: `import { request } from 'undici';\nexport const createActivities = () => ({ request });\nexport type Activities = ReturnType<typeof createActivities>;\n`,
      'apps/worker/src/config.ts': `export const region = process.env['GENESYS_REGION'];\n`,
      'apps/starter/src/commands/doctor.ts': `import { a } from '@scim-onboarding/scim-core/client';\nconsole.log(a);\n`,
      'packages/scim-core/src/client/transport.ts': `import { Agent } from 'undici';\nimport { join } from 'node:path';\nexport const t = [Agent, join];\n`,
      'packages/onboarding-client/test/round-trip.integration.test.ts': `import { Worker } from '@temporalio/worker';\nexport const w = Worker;\n`,
    });

    expect(findings).toEqual([]);
  });

  it('a default export in a tool configuration', () => {
    expect(lint({ 'packages/audit-log/vitest.config.ts': `export default {};\n` })).toEqual([]);
  });
});

it('the pattern for relative imports names every workspace', () => {
  const workspaces = readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8').matchAll(
    /"(?:packages|apps)\/([a-z-]+)": \{/g,
  );
  const names = [...new Set([...workspaces].map((match) => match[1] ?? ''))];
  expect(names.length).toBeGreaterThan(5);

  const relative = [...settings['.oxlintrc.json'].matchAll(/"regex": "\^\(\\\\\.\\\\\.\/\)\+\(([a-z|-]+)\)\/"/g)].map(
    (match) => match[1] ?? '',
  );
  const packages = relative.filter((alternatives) => alternatives.startsWith('packages|'));
  expect(packages.length).toBeGreaterThan(5);
  for (const alternatives of packages) expect(alternatives.split('|')).toEqual(expect.arrayContaining(names));
});
