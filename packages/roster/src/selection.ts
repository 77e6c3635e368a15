import { gunzipSync, gzipSync } from 'node:zlib';
import { onboardedAs, type ActiveGroup } from './active-groups.ts';
import { isActive } from './group-summary.ts';
import type { RosterReading } from './open-roster.ts';
import type { PlannedRoster } from './planned-roster.ts';
import type { RosterGroup } from './roster-item.ts';

/** A byte for each group of the file, in its order. */
const SKIPPED = 0;
const AS_PLANNED = 1;
const KEEPS_MEMBERS = 2;

/** Most groups of a selection: it is a byte for each before it is packed. */
const MAX_GROUPS = 1_000_000;

/** Which groups of a roster are to be onboarded, small enough to be kept where the groups themselves may not be. */
export interface Selection {
  /** How many they are. */
  readonly groups: number;
  /** Gzip in base64. */
  readonly packed: string;
}

/** Keeps the order of the groups that pass, for {@link selectionOf}. */
export function inOrder(groups: AsyncIterable<RosterGroup>): {
  readonly groups: AsyncGenerator<RosterGroup>;
  readonly order: readonly string[];
} {
  const order: string[] = [];
  async function* pass(): AsyncGenerator<RosterGroup> {
    for await (const group of groups) {
      order.push(group.definition.externalId);
      yield group;
    }
  }
  return { groups: pass(), order };
}

/**
 * The groups of a plan with which something is to be done.
 *
 * @param order externalIds in the order of the file: of {@link inOrder}
 */
export function selectionOf(plan: Pick<PlannedRoster, 'header' | 'summaries'>, order: readonly string[]): Selection {
  const active = new Map(plan.summaries.filter(isActive).map((group) => [group.externalId, group]));
  const flags = order.map((externalId) => {
    const group = active.get(externalId);
    if (group === undefined) return SKIPPED;
    return onboardedAs(group, plan.header.options).conflictPolicy === undefined ? AS_PLANNED : KEEPS_MEMBERS;
  });
  return { groups: active.size, packed: gzipSync(Uint8Array.from(flags)).toString('base64') };
}

/** The selected groups of the file that was planned; the caller has seen that it is still that file. */
export async function* selectedGroups({ packed }: Selection, reading: RosterReading): AsyncGenerator<ActiveGroup> {
  const flags = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_GROUPS });
  let index = 0;
  for await (const { definition, duplicatesDropped } of reading.groups()) {
    const flag = flags[index++] ?? SKIPPED;
    if (flag === SKIPPED) continue;
    yield {
      definition,
      duplicatesDropped,
      ...(flag === KEEPS_MEMBERS ? { conflictPolicy: 'adopt' as const } : {}),
    };
  }
}
