/** The first text of a source, and the source with that text still in it. */
export interface Peeked {
  readonly head: string;
  readonly whole: AsyncIterable<string>;
}

/** Reads on until `enough` says so, or to the end. */
export async function peek(source: AsyncIterable<string>, enough: (head: string) => boolean): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  let head = '';
  let ended = false;
  while (!ended && !enough(head)) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else head += next.value;
  }
  return { head, whole: replay(head, iterator) };
}

async function* replay(head: string, iterator: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    if (head !== '') yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
