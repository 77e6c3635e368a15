import type { PlannedGroup } from './planned-group.ts';

/** How many ids a line names. */
const SHOWN = 20;

/**
 * What differs between the roster and the target, for people: one line for each difference, none if there is none. A group planned with
 * any policy may be given: members that stay are differences too.
 */
export function driftOf(planned: PlannedGroup): string[] {
  const { externalId, displayName, action, groupId, add, remove, kept, rename, claims, reason } = planned;
  const group = `${JSON.stringify(displayName)} (${externalId})`;
  if (action === 'create') return [`${group}: is not in the target; the roster has ${counted(add.length)}`];
  if (action === 'conflict') return [`${group}: ${reason ?? 'cannot be matched with one group of the target'}`];
  const where = `${group}, group ${groupId ?? '?'}`;
  const extra = [...remove, ...kept];
  return [
    ...(rename === undefined
      ? []
      : [
          `${where}: is named ${JSON.stringify(rename.from)} in the target, ${JSON.stringify(rename.to)} in the roster`,
        ]),
    ...(claims === true ? [`${where}: has no externalId in the target`] : []),
    ...(add.length === 0 ? [] : [`${where}: the target lacks ${counted(add.length)}: ${listed(add)}`]),
    ...(extra.length === 0 ? [] : [`${where}: the target has ${counted(extra.length)} more: ${listed(extra)}`]),
  ];
}

function counted(members: number): string {
  return members === 1 ? '1 member' : `${members} members`;
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, SHOWN).join(', ');
  return ids.length > SHOWN ? `${shown} and ${ids.length - SHOWN} more` : shown;
}
