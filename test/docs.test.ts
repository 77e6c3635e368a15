import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './fixture-folder.ts';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.turbo', '.cache', 'coverage']);

/** Paths relative to the root. A tarball has no git, so the folders are walked there. */
function repositoryFiles(): string[] {
  if (!existsSync(join(repositoryRoot, '.git'))) return walk(repositoryRoot);
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(repositoryRoot, path)));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED_FOLDERS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [relative(repositoryRoot, path)];
  });
}

const files = repositoryFiles();
const pages = files.filter((path) => path.endsWith('.md'));
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

/** What is in a code block is text, not a link. */
const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors GitHub gives to headings: lower case, spaces to dashes, a number for a repeated one. */
function anchors(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const result = new Set<string>();
  for (const [, heading = ''] of markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    result.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return result;
}

/** Targets of `[text](target)`, `![alt](target)`, `[name]: target` and `src="target"` that are not URLs. */
function relativeLinks(markdown: string): string[] {
  const text = withoutCode(markdown);
  const targets = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^\[[^\]]+\]:\s+<?([^\s>]+)>?/gm),
    ...text.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g),
  ].map((match) => match[1] ?? '');
  return targets.filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

function brokenLink(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(repositoryRoot, page) : resolve(repositoryRoot, dirname(page), decodeURI(path));
  if (relative(repositoryRoot, file).startsWith('..')) return `${target}: leaves the repository`;
  if (!existsSync(file)) return `${target}: no such file`;
  if (anchor === undefined || statSync(file).isDirectory() || extname(file) !== '.md') return undefined;
  return anchors(readFileSync(file, 'utf8')).has(anchor) ? undefined : `${target}: no such heading`;
}

it('finds the pages of this repository', () => {
  expect(pages).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']));
});

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const broken = relativeLinks(read(page)).map((target) => brokenLink(page, target));

    expect(broken.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const scripts = new Set(
      files
        .filter((path) => path === 'package.json' || path.endsWith('/package.json'))
        .flatMap((path) => Object.keys((JSON.parse(read(path)) as { scripts?: object }).scripts ?? {})),
    );
    const named = [...read(page).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map((match) => match[1] ?? '');

    expect(named.filter((name) => !scripts.has(name))).toEqual([]);
  });
});

describe('the link check', () => {
  it('finds links outside code only', () => {
    const page =
      'a [b](c.md#d) ![e](f.png "g") `[h](i)`\n\n```\n[j](k)\n```\n\n[l]: m.md\n<img src="n.svg"> [o](https://p/)';

    expect(relativeLinks(page)).toEqual(['c.md#d', 'f.png', 'm.md', 'n.svg']);
  });

  it('refuses a missing file, a missing heading and a path out of the repository', () => {
    expect(brokenLink('CONTRIBUTING.md', 'no-such-file.md')).toMatch(/no such file/);
    expect(brokenLink('CONTRIBUTING.md', '#no-such-heading')).toMatch(/no such heading/);
    expect(brokenLink('CONTRIBUTING.md', '../outside.md')).toMatch(/leaves the repository/);
    expect(
      brokenLink('docs/adr/0001-workflow-code-and-the-two-entries-of-the-contract.md', '../../CONTRIBUTING.md#set-up'),
    ).toBe(undefined);
  });

  it('makes the anchors of repeated headings', () => {
    expect([...anchors('# A `b`: c\n## Two\n### Two\n')]).toEqual(['a-b-c', 'two', 'two-1']);
  });
});

it('no file names a folder outside the repository', () => {
  // Put together here, so that this file does not contain them.
  const words = ['/work' + '/', '..' + '/shared'];
  const texts = files.filter(
    (path) => /\.(?:md|m?ts|m?js|json|jsonc|ya?ml|toml|sh)$/.test(path) || !/\.[a-z]+$/.test(path),
  );
  expect(texts.length).toBeGreaterThan(20);

  const found = texts.flatMap((path) => {
    const content = read(path);
    return words.filter((word) => content.includes(word)).map((word) => `${path}: ${word}`);
  });

  expect(found).toEqual([]);
});
