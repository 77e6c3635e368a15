import { isScimError, type GroupChange, type GroupResource } from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';

/**
 * Applies a change in requests of at most `membersPerRequest` members, name and externalId with the first of them. A chunk that the target
 * refuses as too large or as bad is halved, down to one member; one that is refused alone is left out and counted.
 *
 * @returns how many members were refused
 * @throws {ScimError} `stale`, or what else is no refusal of members
 */
export async function applyInChunks(target: GroupTarget, group: GroupResource, change: GroupChange): Promise<number> {
  const { add = [], remove = [], ...labels } = change;
  const { membersPerRequest, checksVersion } = target.capabilities;
  // The version is of one read: it holds for the first request only, which then changes it.
  let version = checksVersion ? group.version : undefined;
  let unsent: GroupChange = labels;
  const send = async (part: GroupChange): Promise<void> => {
    const sent = version;
    version = undefined;
    await target.change(group.id, { ...unsent, ...part }, sent);
    unsent = {};
  };
  let size = Math.max(1, membersPerRequest);
  let refused = 0;
  for (const [kind, ids] of [
    ['add', add],
    ['remove', remove],
  ] as const) {
    /** Gives how many of the ids were refused. */
    const apply = async (chunk: readonly string[]): Promise<number> => {
      try {
        await send({ [kind]: chunk });
        return 0;
      } catch (error) {
        if (!isScimError(error, 'request_refused', 'payload_too_large')) throw error;
        if (chunk.length === 1) {
          // Was it the member, or the name or externalId that came with it? Alone they tell.
          if (Object.keys(unsent).length > 0) await send({});
          return 1;
        }
        const half = Math.ceil(chunk.length / 2);
        const bad = (await apply(chunk.slice(0, half))) + (await apply(chunk.slice(half)));
        // Both halves went through whole: it was the number that was refused, so later chunks are smaller too.
        if (bad === 0) size = Math.min(size, half);
        return bad;
      }
    };
    for (let at = 0; at < ids.length;) {
      const chunk = ids.slice(at, at + size);
      at += chunk.length;
      const bad = await apply(chunk);
      if (kind === 'add') refused += bad;
    }
  }
  if (Object.keys(unsent).length > 0) await send({});
  return refused;
}
