import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { decodeText } from './decode.ts';
import { digestOf } from './digest.ts';
import { summarize, type GroupSummary } from './group-summary.ts';
import { jsonElements, type JsonElement } from './json-elements.ts';
import { PLAN_VERSION, planFrameSchema } from './plan-header.ts';
import { plannedGroupSchema, type PlannedGroup } from './planned-group.ts';
import { plannedRoster, type PlannedRoster } from './planned-roster.ts';
import { UnreadableRoster } from './roster-item.ts';
import { makeSpool, type Spool, type SpoolEntry, type SpoolOptions } from './spool.ts';

/** Characters of one group of a plan. */
const MAX_GROUP = 64 * 1024 * 1024;
const MAX_GROUPS = 1_000_000;
/** Characters of keys and values that are looked at to tell a plan from a roster. */
const MAX_SNIFFED = 16 * 1024;

/** A file that is no plan, or is not as it was made. */
export class InvalidPlanError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidPlanError';
  }
}

/**
 * The plan as JSON, a group at a time.
 *
 * @param more further keys of the object
 */
export async function* planJson(plan: PlannedRoster, more: object = {}): AsyncGenerator<string> {
  yield `${JSON.stringify(plan.header).slice(0, -1)},"groups":[`;
  let separator = '';
  for await (const group of plan.groups()) {
    yield `${separator}${JSON.stringify(group)}`;
    separator = ',';
  }
  yield `],${JSON.stringify({ totals: plan.totals, digest: plan.digest, ...more }).slice(1)}\n`;
}

/** True if a JSON file is a plan and no roster. False also if it cannot be read: what is wrong is told by who reads it. */
export async function isPlanFile(file: string): Promise<boolean> {
  const keys = new Set<string>();
  const isPlan = (): boolean => keys.has('"roster"') && keys.has('"options"');
  try {
    const text = decodeText(createReadStream(file));
    for await (const { path } of jsonElements(text, MAX_SNIFFED, (key) => keys.add(key))) {
      if (isPlan() || path.startsWith('$[')) break;
    }
  } catch {
    // A plan that is cut off is a plan, if it got that far.
  }
  return isPlan();
}

/**
 * Opens a plan file: reads it as a stream, and copies it to a temporary file, so that what is done later is what was checked.
 *
 * @throws {InvalidPlanError} with where it is wrong, or that it was changed after it was made
 * @throws errors of the file system
 */
export async function openPlan(file: string, options: SpoolOptions = {}): Promise<PlannedRoster> {
  const spool = makeSpool(options);
  try {
    const { frame, summaries, entries } = await readPlan(file, spool);
    const { totals, digest, ...header } = frame;
    const plan = await plannedRoster({ header, summaries, entries, spool });
    if (plan.digest !== digest || digestOf(plan.totals) !== digestOf(totals)) {
      throw new InvalidPlanError(
        'The plan was changed after it was made: its digest does not fit. Make the plan again',
      );
    }
    return plan;
  } catch (error) {
    await spool.close();
    if (!(error instanceof UnreadableRoster)) throw error;
    const { row, path } = error.problem;
    throw new InvalidPlanError(`row ${row}${path === undefined ? '' : `, ${path}`}: ${error.message}`, {
      cause: error,
    });
  }
}

interface ReadPlan {
  readonly frame: z.infer<typeof planFrameSchema>;
  readonly summaries: readonly GroupSummary[];
  readonly entries: readonly SpoolEntry[];
}

async function readPlan(file: string, spool: Spool): Promise<ReadPlan> {
  const values = new Map<string, unknown>();
  const summaries: GroupSummary[] = [];
  const entries: SpoolEntry[] = [];
  const onValue = (key: string, text: string | undefined): void => {
    if (values.has(key)) throw new InvalidPlanError(`The key ${key.slice(0, 100)} stands there twice`);
    const value = parseJson(text, key.slice(0, 100));
    if (key === '"version"') checkVersion(value);
    values.set(key, value);
  };
  for await (const element of jsonElements(decodeText(createReadStream(file)), MAX_GROUP, onValue)) {
    const group = parseGroup(element);
    if (group.externalId <= (summaries.at(-1)?.externalId ?? '')) {
      throw new InvalidPlanError(
        `${element.path}: groups are not in the order of their externalIds. Make the plan again`,
      );
    }
    if (summaries.length === MAX_GROUPS) throw new InvalidPlanError(`A plan has at most ${MAX_GROUPS} groups`);
    summaries.push(summarize(group));
    entries.push(await spool.append(JSON.stringify(group)));
  }
  const named = [...values].map(([key, value]): [string, unknown] => [String(parseJson(key, 'a key')), value]);
  return { frame: parsed(planFrameSchema, Object.fromEntries(named), '$'), summaries, entries };
}

/** It is the first key that `planJson` writes: what is unlike in plans of other versions comes later. */
function checkVersion(version: unknown): void {
  if (typeof version !== 'number' || version === PLAN_VERSION) return;
  throw new InvalidPlanError(
    `The plan is of version ${version}, and version ${PLAN_VERSION} is read here. Make the plan again, with this version of the program`,
  );
}

function parseGroup({ path, text }: JsonElement): PlannedGroup {
  return parsed(plannedGroupSchema, parseJson(text, path), path);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidPlanError(
    `This is not a plan of version ${PLAN_VERSION}, at ${where}:\n${z.prettifyError(result.error)}`,
  );
}

/** The reason of JSON.parse quotes the text, which may hold personal data: only the place is said. */
function parseJson(text: string | undefined, where: string): unknown {
  if (text === undefined) throw new InvalidPlanError(`${where} is longer than ${MAX_GROUP} characters`);
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidPlanError(`${where} is not valid JSON`);
  }
}
