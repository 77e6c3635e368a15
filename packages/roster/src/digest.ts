import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 in hex of a value, whatever the order of its keys is. Keys without a value count as not there. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** A digest of items that come one at a time, so that they need not be in memory together. */
export interface StreamedDigest {
  add(item: unknown): void;
  /** SHA-256 in hex of what was added so far. */
  digest(): string;
}

/** The digest that `digestOf(items)` makes. */
export function arrayDigest(): StreamedDigest {
  return streamed('[', ']');
}

/** The digest that `digestOf({ ...rest, [key]: items })` makes. */
export function objectDigest(rest: object, key: string): StreamedDigest {
  const before = partsOf(rest, (other) => other < key).map((part) => `${part},`);
  const after = partsOf(rest, (other) => other > key).map((part) => `,${part}`);
  return streamed(`{${before.join('')}${JSON.stringify(key)}:[`, `]${after.join('')}}`);
}

function streamed(before: string, after: string): StreamedDigest {
  const hash = createHash('sha256').update(before);
  let separator = '';
  return {
    add(item) {
      hash.update(separator).update(canonical(item));
      separator = ',';
    },
    digest: () => hash.copy().update(after).digest('hex'),
  };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${partsOf(value, () => true).join(',')}}`;
}

function partsOf(value: object, wanted: (key: string) => boolean): string[] {
  return Object.entries(value)
    .filter(([key, entry]) => entry !== undefined && wanted(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
}

/** Passes a file through and makes its digest on the way. */
export interface DigestedSource {
  readonly source: AsyncIterable<Uint8Array>;
  /** SHA-256 in hex of what was read so far: of the file, once it was read to its end. */
  readonly digest: () => string;
}

export function digestedSource(source: AsyncIterable<Uint8Array>): DigestedSource {
  const hash = createHash('sha256');
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      hash.update(bytes);
      yield bytes;
    }
  }
  return { source: pass(), digest: () => hash.copy().digest('hex') };
}

/**
 * SHA-256 in hex of a file, read as a stream.
 *
 * @throws errors of the file system
 */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}
