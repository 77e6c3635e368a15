import { createHash } from 'node:crypto';

/** SHA-256 in hex of a value, whatever the order of its keys is. Keys without a value count as not there. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
  return `{${parts.join(',')}}`;
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
