import { describe, expect, it } from 'vitest';
import { ONBOARD_GROUP_WORKFLOW, ROSTER_JOB_WORKFLOW } from '@scim-onboarding/onboarding-contract';
import { builtBundleCode } from '../src/workflow-bundle.ts';

describe('the workflow bundle', async () => {
  const code = await builtBundleCode();

  it('has nothing in it that opens a connection, reads a file, or parses by zod', () => {
    const modules = [...code.matchAll(/^\/\*\*\*\/ "([^"]+)":?/gmu)].map((match) => match[1] ?? '');
    expect(modules.length).toBeGreaterThan(20);
    const foreign = modules.filter((name) =>
      /node_modules\/(?!@temporalio\/|ms\/|heap-js\/|long\/|nexus-rpc\/|@scim-onboarding\/)/u.test(name),
    );
    expect(foreign).toEqual([]);
    expect(code).not.toMatch(/require\("(?:node:)?(?:fs|net|http|https|crypto|child_process|tls)"\)/u);
    for (const name of ['undici', 'zod']) expect(modules.filter((module) => module.includes(`/${name}/`))).toEqual([]);
  });

  it('stays within its size: a megabyte of SDK, and little of ours', () => {
    const withoutMap = code.replace(/\/\/# sourceMappingURL=.*$/mu, '');
    expect(withoutMap.length).toBeLessThan(1_300_000);
  });

  it.each([ONBOARD_GROUP_WORKFLOW, ROSTER_JOB_WORKFLOW])('exports %s, as callers and schedules start it', (name) => {
    expect(code).toMatch(new RegExp(`\\b${name}\\b`, 'u'));
  });
});
