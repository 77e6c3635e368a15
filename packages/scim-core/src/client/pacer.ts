import { MAX_RETRY_AFTER_MS } from '../retry-after.ts';

export interface PacerOptions {
  /** Share of the limit that is left to other users of the same token, 0 to 0.9. Urgent requests leave half of it. */
  readonly reserve: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** The state of the limit as it is known, for messages. */
export interface RateBudget {
  readonly used: number;
  readonly allowed: number;
}

/** `urgent` requests may use half of the reserve, so that work in bulk which used up the window does not hold them back. */
export type Urgency = 'bulk' | 'urgent';

/** Ends a request: `headers` are those of the answer, in lower case; left out if none came. */
export type Leave = (headers?: Readonly<Record<string, string>>) => void;

/**
 * Keeps the requests of a process under the target's rate limit, by the headers of its answers. It holds no timer and never waits
 * itself.
 */
export interface Pacer {
  /**
   * Takes a place for one request; or tells the milliseconds until it is worth another try, and then no place was taken.
   *
   * @param urgency default `bulk`
   */
  enter(urgency?: Urgency): Leave | number;
  /** Undefined until an answer told the limit. */
  budget(): RateBudget | undefined;
}

/** Where only our own open requests fill the window, their answers will tell more soon. */
const OPEN_REQUESTS_WAIT_MS = 50;

/** What is kept of the guess at the requests of others with each answer: it follows a rise at once, and a fall within some answers. */
const OTHERS_KEPT = 0.8;

/** The end of a window lies somewhere in here, in milliseconds since 1970. */
interface WindowEnd {
  readonly earliest: number;
  readonly latest: number;
}

interface Window {
  readonly allowed: number;
  /** Highest count that an answer of this window told. */
  readonly count: number;
  /** When that count was told, or the window began; in milliseconds since 1970. */
  readonly at: number;
  /** Undefined while no answer of this window has come. */
  readonly end: WindowEnd | undefined;
}

/**
 * A pacer for `inin-ratelimit-count`, `-allowed` and `-reset` (seconds), which Genesys Cloud sends with every answer. Without such
 * headers nothing is held back.
 *
 * The requests known to be used up are the highest count of the window plus our own open ones: each of ours is either counted in an
 * answer or open, so one process alone cannot run over the limit.
 *
 * Requests of other processes are seen when they are counted. Those that come in while ours is under way are guessed by what an answer
 * counted beyond our own requests; that close to the limit, only one of ours is open at a time.
 */
export function createPacer(options: PacerOptions): Pacer {
  const now = options.now ?? Date.now;
  const open = { bulk: 0, urgent: 0 };
  const allOpen = (): number => open.bulk + open.urgent;
  let window: Window | undefined;
  /** Requests that others send while one of ours is under way. */
  let others = 0;

  const current = (): Window | undefined => {
    if (window?.end !== undefined && now() >= window.end.latest) {
      window = { allowed: window.allowed, count: 0, at: window.end.latest, end: undefined };
    }
    return window;
  };

  const leaver = (urgency: Urgency, sentAt: number): Leave => {
    const known = current();
    const own = allOpen();
    return (headers) => {
      open[urgency] -= 1;
      const told = headers === undefined ? undefined : readWindow(headers, sentAt, now());
      if (told === undefined) return;
      if (known !== undefined && isSame(known.end, told.end)) {
        // What others sent since the count was told, as much of it as falls on the time of one request.
        const share = (told.at - sentAt) / Math.max(1, told.at - known.at);
        others = Math.max((told.count - known.count - own) * share, others * OTHERS_KEPT);
      }
      window = merge(current(), told);
    };
  };

  return {
    enter(urgency = 'bulk') {
      const known = current();
      if (known !== undefined) {
        const reserve = urgency === 'urgent' ? options.reserve / 2 : options.reserve;
        const usable = Math.max(1, known.allowed - Math.floor(known.allowed * reserve));
        const used = known.count + allOpen();
        if (used >= usable) {
          if (known.end === undefined || known.count < usable) return OPEN_REQUESTS_WAIT_MS;
          return Math.max(1, Math.ceil(known.end.latest - now()));
        }
        if (used + others >= usable && open[urgency] > 0) return OPEN_REQUESTS_WAIT_MS;
      }
      open[urgency] += 1;
      return leaver(urgency, now());
    },
    budget() {
      const known = current();
      return known === undefined ? undefined : { used: known.count + allOpen(), allowed: known.allowed };
    },
  };
}

/** Answers overtake each other. Ends that cannot be the same belong to two windows; of those the later one counts. */
function merge(known: Window | undefined, told: ToldWindow): Window {
  if (known?.end === undefined || told.end.earliest > known.end.latest) return told;
  if (told.end.latest < known.end.earliest) return known;
  const width = (end: WindowEnd): number => end.latest - end.earliest;
  return {
    allowed: told.allowed,
    count: Math.max(known.count, told.count),
    at: told.at,
    end: width(told.end) < width(known.end) ? told.end : known.end,
  };
}

/** Whether two ends can be the same; one that is not known yet is the next. */
function isSame(known: WindowEnd | undefined, told: WindowEnd): boolean {
  return known === undefined || (told.earliest <= known.latest && told.latest >= known.earliest);
}

type ToldWindow = Window & { readonly end: WindowEnd };

/** The seconds until the window's end are whole ones, counted from some moment between sending and receiving. */
function readWindow(
  headers: Readonly<Record<string, string>>,
  sentAt: number,
  receivedAt: number,
): ToldWindow | undefined {
  const count = wholeNumber(headers['inin-ratelimit-count']);
  const allowed = wholeNumber(headers['inin-ratelimit-allowed']);
  const reset = wholeNumber(headers['inin-ratelimit-reset']);
  if (count === undefined || allowed === undefined || reset === undefined || allowed === 0) return undefined;
  const resetMs = Math.min(reset * 1000, MAX_RETRY_AFTER_MS);
  return { count, allowed, at: receivedAt, end: { earliest: sentAt + resetMs - 1000, latest: receivedAt + resetMs } };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/u.test(text) ? Number(text) : undefined;
}
