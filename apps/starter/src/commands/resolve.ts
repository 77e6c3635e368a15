import type { ResolutionRequest } from '@scim-onboarding/onboarding-client';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { readDefinition } from '../read-definition.ts';
import { actOnRuns, usage, type RunsFlags } from './many.ts';

export interface ResolveFlags extends RunsFlags {
  readonly retry?: boolean;
  readonly definition?: string;
  readonly allowRemovals?: boolean;
  readonly skip?: boolean;
  readonly adopt?: string;
  readonly abort?: boolean;
  readonly compensate?: boolean;
  readonly by?: string;
}

/** `onboard resolve`: decides about a blocked run, or about those that a query finds. */
export async function resolve(context: Context, id: string | undefined, flags: ResolveFlags): Promise<ExitCode> {
  const request = await toRequest(context, flags);
  const by = flags.by ?? operatorName(context);
  return actOnRuns(context, id, flags, {
    does: (runs) => words(request, runs),
    // An abort needs no block; over many runs it is for those that are.
    filter: { blocked: true },
    async act(onboarding, { id: workflowId, runId }) {
      const resolved = await onboarding.resolve(workflowId, request, {
        ...(runId !== undefined && { runId }),
        ...(by !== undefined && { by }),
      });
      const { blocked } = resolved;
      const about = blocked === undefined ? '' : `, ${blocked.step} (block ${resolved.block}, ${blocked.type})`;
      return { ...resolved, did: `took the decision: ${resolved.action}${about}` };
    },
  });
}

/** Checks that exactly one decision was given, with nothing that does not go with it. */
async function toRequest({ stdin }: Context, flags: ResolveFlags): Promise<ResolutionRequest> {
  const { retry, skip, adopt, abort, definition, allowRemovals, compensate } = flags;
  const given = [retry === true, skip === true, adopt !== undefined, abort === true].filter(Boolean).length;
  if (given !== 1) throw usage('Give one of --retry, --skip, --adopt <groupId> and --abort.');
  if (retry !== true && (definition !== undefined || allowRemovals !== undefined))
    throw usage('--definition and --allow-removals go with --retry only.');
  if (abort !== true && compensate !== undefined) throw usage('--compensate goes with --abort only.');
  if (flags.where !== undefined && (definition !== undefined || adopt !== undefined))
    throw usage('--definition and --adopt are about one group: name it by its id, not by --where.');
  if (skip === true) return { action: 'skip' };
  if (adopt !== undefined) return { action: 'adopt', groupId: adopt };
  if (abort === true) return { action: 'abort', ...(compensate === true && { compensate }) };
  return {
    action: 'retry',
    ...(definition !== undefined && { definition: await readDefinition(definition, stdin) }),
    ...(allowRemovals === true && { allowRemovals }),
  };
}

function words(request: ResolutionRequest, runs: string): string {
  switch (request.action) {
    case 'retry':
      return `retry the blocked step of ${runs}${request.definition === undefined ? '' : ', with an amended definition'}`;
    case 'skip':
      return `skip the blocked step of ${runs}`;
    case 'adopt':
      return `adopt the group ${request.groupId} for ${runs}`;
    case 'abort':
      return `abort ${runs}${request.compensate === true ? DELETING : ''}`;
  }
}

/** What compensation does, after what it goes with. */
export const DELETING = ', and delete the group where the run created it';

/** Who sits at the terminal; shown in the run as who decided. */
export function operatorName({ env }: Context): string | undefined {
  const name = env['USER'] ?? env['USERNAME'];
  return name === undefined || name === '' ? undefined : name.slice(0, 256);
}
