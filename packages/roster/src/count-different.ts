import { hashText } from './hash-text.ts';

/** Counts different texts without keeping all of them. */
export interface DifferentCounter {
  add(text: string): void;
  /** Exact up to the limit; above it an estimate, of which the standard error is about 1.2 / √limit. */
  count(): number;
}

const LIMIT = 65_536;

/**
 * Keeps texts up to the limit. Above it only those whose hash ends in enough zero bits, and each of them stands for all the others
 * (Wegman's adaptive sampling; Flajolet, "On adaptive sampling", Computing 43, 1990).
 *
 * @param limit texts that are kept at most. Default 65 536, an error of about 0.5 %
 */
export function differentCounter(limit = LIMIT): DifferentCounter {
  let kept = new Set<string>();
  let bits = 0;
  const isSampled = (text: string): boolean => bits === 0 || (hashText(text, 0) & (2 ** bits - 1)) === 0;
  return {
    add(text) {
      if (!isSampled(text)) return;
      kept.add(text);
      while (kept.size > limit) {
        bits += 1;
        kept = new Set([...kept].filter(isSampled));
      }
    },
    count: () => kept.size * 2 ** bits,
  };
}
