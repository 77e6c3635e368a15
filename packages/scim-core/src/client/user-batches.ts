/** Ids in one batch. */
const USERS_PER_BATCH = 100;

/** How long a batch that is not full waits for more callers, in milliseconds. */
const WINDOW_MS = 50;

/** Batches that are asked at a time. */
const PARALLEL_BATCHES = 4;

/** How long an id that is no user is remembered, in milliseconds: a person who was told so creates the user and tries again. */
const MISSING_AGE_MS = 10_000;

/** Ids that are remembered; beyond that the oldest are forgotten. */
const MAX_REMEMBERED = 200_000;

export interface UserBatchesOptions {
  /** The ids among the given that are users; at most {@link USERS_PER_BATCH} are given. */
  readonly ask: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** How long a user is remembered, in milliseconds. */
  readonly maxAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Asks for users in full batches, whoever wants to know, and for each id once. */
export interface UserBatches {
  /** @throws what `ask` throws; ids of a batch that failed are asked for again by the next call */
  existing(ids: readonly string[]): Promise<Set<string>>;
}

interface Batch {
  readonly ids: string[];
  readonly answer: Promise<ReadonlySet<string>>;
  readonly send: () => void;
}

export function createUserBatches({ ask, maxAgeMs, now }: UserBatchesOptions): UserBatches {
  const remembered = new Map<string, { readonly exists: boolean; readonly until: number }>();
  /** Ids that were asked for, or wait for their batch to be full. */
  const asked = new Map<string, Batch>();
  const inTurn = limiter(PARALLEL_BATCHES);
  let filling: Batch | undefined;

  const remember = (id: string, exists: boolean, at: number): void => {
    remembered.delete(id);
    remembered.set(id, { exists, until: at + (exists ? maxAgeMs : Math.min(maxAgeMs, MISSING_AGE_MS)) });
    if (remembered.size <= MAX_REMEMBERED) return;
    const [oldest] = remembered.keys();
    if (oldest !== undefined) remembered.delete(oldest);
  };

  const askFor = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    try {
      const answer = await inTurn(() => ask(ids));
      const at = now();
      for (const id of ids) remember(id, answer.has(id), at);
      return answer;
    } finally {
      for (const id of ids) asked.delete(id);
    }
  };

  const newBatch = (): Batch => {
    const ids: string[] = [];
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const timer = setTimeout(() => batch.send(), WINDOW_MS);
    const batch: Batch = {
      ids,
      answer: begun.then(() => askFor(ids)),
      send: () => {
        clearTimeout(timer);
        if (filling === batch) filling = undefined;
        begin();
      },
    };
    return batch;
  };

  const batchOf = (id: string): Batch => {
    const batch = asked.get(id) ?? (filling ??= newBatch());
    if (asked.has(id)) return batch;
    asked.set(id, batch);
    batch.ids.push(id);
    if (batch.ids.length >= USERS_PER_BATCH) batch.send();
    return batch;
  };

  return {
    async existing(ids) {
      const found = new Set<string>();
      const batches = new Map<Batch, string[]>();
      const at = now();
      for (const id of new Set(ids)) {
        const known = remembered.get(id);
        if (known !== undefined && at < known.until) {
          if (known.exists) found.add(id);
          continue;
        }
        const batch = batchOf(id);
        const wanted = batches.get(batch);
        if (wanted === undefined) batches.set(batch, [id]);
        else wanted.push(id);
      }
      await Promise.all(
        [...batches].map(async ([batch, wanted]) => {
          const users = await batch.answer;
          for (const id of wanted) if (users.has(id)) found.add(id);
        }),
      );
      return found;
    },
  };
}

/** Runs at most `places` pieces of work at a time, the others in the order they came. */
function limiter(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
