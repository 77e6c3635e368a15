import type { Client } from '@temporalio/client';
import { openAuditLog } from '@scim-onboarding/audit-log';
import type { RolePolicy } from '@scim-onboarding/scim-core';
import { createSnapshotTargets, createTargetClient, type RequestEvent } from '@scim-onboarding/scim-core/client';
import type { WorkerTracing } from '@scim-onboarding/tracing/worker';
import type { ActivityDependencies } from './activities/dependencies.ts';
import type { WorkerConfig } from './config.ts';
import { definitionsFromHistory } from './definition-source.ts';
import type { Logger } from './logger.ts';
import type { WorkerMetrics } from './metrics.ts';
import { createWebhookSender } from './webhook/sender.ts';

export interface Dependencies extends ActivityDependencies {
  close(): Promise<void>;
}

export interface DependencyParts {
  readonly config: WorkerConfig;
  readonly policy: RolePolicy;
  /** Reads the definitions; its connection stays the caller's. */
  readonly client: Client;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  /** Makes a span of each request. Default: no spans. */
  readonly tracing?: Pick<WorkerTracing, 'request'> | undefined;
}

/** Opens what activities work with: connections to target and HRIS, the audit log, and the definitions of runs. */
export function createDependencies(parts: DependencyParts): Dependencies {
  const { config, policy, client, logger, metrics, tracing } = parts;
  const target = createTargetClient(config.target, {
    onRequest(event) {
      metrics.request(event);
      tracing?.request(event, 'target');
      logger.debug({ request: event }, 'target request');
    },
    onChosen: (name, why) => logger.info({ target: name, why }, 'target chosen'),
  });
  const webhook =
    config.webhook === undefined
      ? undefined
      : {
          giveUpAfterSeconds: config.webhook.giveUpAfterSeconds,
          sender: createWebhookSender({
            ...config.webhook,
            onRequest(event) {
              tracing?.request(event, 'webhook');
              logger.debug({ request: originOnly(event) }, 'webhook request');
            },
          }),
        };
  return {
    target,
    snapshots: createSnapshotTargets({ client: target }),
    policy,
    webhook,
    audit: openAuditLog(config.auditFile),
    definitions: definitionsFromHistory(client, config.rules),
    rosters: { folder: config.rosterFolder, rules: config.rules },
    metrics,
    async close() {
      await Promise.all([target.close(), webhook?.sender.close()]);
    },
  };
}

/** The path of a webhook address is often its secret. */
function originOnly(event: RequestEvent): RequestEvent {
  return { ...event, url: new URL(event.url).origin };
}
