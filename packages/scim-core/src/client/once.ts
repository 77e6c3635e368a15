/**
 * Makes a function that runs `work` at most once at a time and remembers what it gave. A failure is not remembered: the next call
 * tries again.
 */
export function onceSuccessful<T>(work: () => Promise<T>): () => Promise<T> {
  let done: { readonly value: T } | undefined;
  let pending: Promise<T> | undefined;
  return async () => {
    if (done !== undefined) return done.value;
    pending ??= work()
      .then((value) => {
        done = { value };
        return value;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
}

/** Waits for shared work until the signal is aborted; the work itself goes on for the others. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
