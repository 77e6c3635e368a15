import type { AuditLog } from '@scim-onboarding/audit-log';
import type { GroupRules, RolePolicy } from '@scim-onboarding/scim-core';
import type { SnapshotTargets, TargetClient } from '@scim-onboarding/scim-core/client';
import type { DefinitionSource } from '../definition-source.ts';
import type { WorkerMetrics } from '../metrics.ts';
import type { WebhookSender } from '../webhook/sender.ts';

/** What activities work with; made once a process in `dependencies.ts` of the worker, or by a test. */
export interface ActivityDependencies {
  readonly target: TargetClient;
  /** The target as rosters see it: look-ups from one read of the directory. */
  readonly snapshots: SnapshotTargets;
  readonly policy: RolePolicy;
  /** Undefined if there is no HRIS to tell. */
  readonly webhook: { readonly sender: WebhookSender; readonly giveUpAfterSeconds: number } | undefined;
  readonly audit: AuditLog;
  readonly definitions: DefinitionSource;
  /** Rosters that schedules name: where they are, undefined if nowhere, and the rules that their groups must keep. */
  readonly rosters: { readonly folder: string | undefined; readonly rules: GroupRules };
  readonly metrics: WorkerMetrics;
}
