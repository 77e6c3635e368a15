import { openAuditLog } from '@scim-onboarding/audit-log';
import { createTargetClient, type RequestEvent } from '@scim-onboarding/scim-core/client';
import type { ActivityDependencies } from './activities/dependencies.ts';
import type { WorkerConfig } from './config.ts';
import type { Logger } from './logger.ts';
import { loadRolePolicy } from './role-policy-file.ts';
import { createWebhookSender } from './webhook/sender.ts';

export interface Dependencies extends ActivityDependencies {
  close(): Promise<void>;
}

/** Opens what activities work with: connections to target and HRIS, the policy file, the audit log. */
export function createDependencies(config: WorkerConfig, logger: Logger): Dependencies {
  const policy = loadRolePolicy(config.rolePolicyFile);
  const target = createTargetClient(config.target, {
    onRequest: (event) => logger.debug({ request: event }, 'target request'),
  });
  const webhook =
    config.webhook === undefined
      ? undefined
      : {
          giveUpAfterSeconds: config.webhook.giveUpAfterSeconds,
          sender: createWebhookSender({
            ...config.webhook,
            onRequest: (event) => logger.debug({ request: originOnly(event) }, 'webhook request'),
          }),
        };
  return {
    target,
    policy,
    rules: config.rules,
    webhook,
    audit: openAuditLog(config.auditFile),
    async close() {
      await Promise.all([target.close(), webhook?.sender.close()]);
    },
  };
}

/** The path of a webhook address is often its secret. */
function originOnly(event: RequestEvent): RequestEvent {
  return { ...event, url: new URL(event.url).origin };
}
