import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './fixture-folder.ts';

/** Text of a file of the repository. */
export const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
/** First groups of all matches. */
export const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');
export const unique = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** The part of a page below a heading of the second level. */
export function section(page: string, heading: string): string {
  const [, text] = read(page).split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`${page} has no heading "## ${heading}"`);
  return text.split('\n## ')[0] ?? text;
}

/** Folders of the packages and apps that the build makes. */
export const builtFolders = (): string[] =>
  (JSON.parse(read('tsconfig.json')) as { references: { path: string }[] }).references.map(({ path }) => path);
