import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interopFolder, peersFolder } from './support/paths.ts';

const read = (...path: string[]): string => readFileSync(join(interopFolder, ...path), 'utf8');

/** Lines that name a package. */
const packages = (text: string): string[] => text.split('\n').filter((line) => /^[a-z]/iu.test(line));

describe.for(['scim2', 'django', 'canaille'])('requirements-%s', (name) => {
  const wanted = packages(read(`requirements-${name}.in`));
  const locked = packages(read(`requirements-${name}.txt`));

  it('locks what is wanted, in the version that is wanted', () => {
    const versions = new Set(locked.map((line) => line.split(' ')[0]));
    expect(wanted).not.toEqual([]);
    expect(wanted.map((line) => line.replace(/\[.*\]/u, '')).filter((pin) => !versions.has(pin))).toEqual([]);
  });

  it('has one exact version and a hash for every package', () => {
    expect(locked.filter((line) => !/^[a-z0-9.-]+==[^\s=]+ (?:; .+ )?\\$/iu.test(line))).toEqual([]);
    const blocks = read(`requirements-${name}.txt`).split(/^(?=[a-z])/imu);
    expect(blocks.filter((block) => !/--hash=sha256:[0-9a-f]{64}/u.test(block))).toEqual([]);
  });
});

describe('peers/package.json', () => {
  const manifest = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const lock = JSON.parse(readFileSync(join(peersFolder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string }>;
  };

  it('locks every dependency in the exact version that is wanted', () => {
    const locked = Object.keys(manifest.dependencies).map((name) => [
      name,
      lock.packages[`node_modules/${name}`]?.version,
    ]);
    expect(locked).not.toEqual([]);
    expect(Object.fromEntries(locked)).toEqual(manifest.dependencies);
  });

  it('has an integrity hash for every package', () => {
    const { '': root, ...others } = lock.packages;
    expect(root).toBeDefined();
    expect(Object.entries(others).filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });
});
