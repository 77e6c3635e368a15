interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work for one item at a time, and for all together that were handed in meanwhile: a busy process pays once for many, and an idle
 * one waits for nobody. Items keep their order; batches do not overlap.
 *
 * @param size most items of one batch
 * @param work gives a result for each item, in their order; what it throws is thrown for each item of the batch, and of no other
 */
export function inBatches<T, R>(size: number, work: (items: readonly T[]) => Promise<readonly R[]>) {
  const waiting: Waiting<T, R>[] = [];
  let busy = false;

  const workOff = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) await settle(waiting.splice(0, size));
    busy = false;
  };

  const settle = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items`);
      for (const [at, result] of results.entries()) batch[at]?.resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void workOff();
    });
}
