import * as z from 'zod';
import { groupRules, rulesSettings } from '@scim-onboarding/onboarding-contract';
import type { GroupRules } from '@scim-onboarding/scim-core';
import {
  checkTargetSettings,
  settingProblem,
  targetSettingsSchema,
  withoutEmpty,
  type TargetSettings,
} from '@scim-onboarding/scim-core/client';
import { joinDevStack } from '@scim-onboarding/temporal-connection';
import { BUILD_ID_PATTERN, builtBuildId } from './build-id.ts';
import { WEBHOOK_SECRET_PATTERN } from './webhook/signature.ts';

/** Every setting of the worker by the name of its environment variable. `TEMPORAL_*` are read by Temporal's own loader. */
export const workerSettingsSchema = z.object({
  ...targetSettingsSchema.shape,
  ...rulesSettings,
  /** JSON file with `allowedRoles` and `restrictedParentGroups`. Default none: no role is allowed. */
  ROLE_POLICY_FILE: z.string().max(4096).optional(),
  /** Folder of the rosters that schedules name. Default none: such runs fail and say so. */
  ROSTER_FOLDER: z.string().min(1).max(4096).optional(),
  /** Address that is told of onboarded groups. Default none: nobody is told. */
  HRIS_WEBHOOK_URL: z.url({ protocol: /^https?$/u }).optional(),
  /** Standard Webhooks secret `whsec_…`. Default none: deliveries are not signed. */
  HRIS_WEBHOOK_SECRET: z
    .string()
    .regex(WEBHOOK_SECRET_PATTERN, 'must be whsec_ and 24 to 64 bytes in base64')
    .optional(),
  /** Seconds after which a delivery is given up. Default one day. */
  HRIS_WEBHOOK_GIVE_UP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(86_400),
  /** File that audit records are appended to. Default `audit.jsonl` in the working directory. */
  AUDIT_LOG_FILE: z.string().min(1).max(4096).default('audit.jsonl'),
  /** Port of `/livez` and `/readyz`. Default 0: a free port, which the log names. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Address that the health port listens on. Default loopback. */
  WORKER_HEALTH_HOST: z.string().min(1).max(253).default('127.0.0.1'),
  /** Seconds that running activities get to end when the worker is asked to stop. Default 30. */
  WORKER_SHUTDOWN_GRACE_SECONDS: z.coerce.number().int().min(0).max(3600).default(30),
  /** Requests a second that all workers together start activities for at the target. Default none. */
  GENESYS_ACTIVITIES_PER_SECOND: z.coerce.number().positive().max(10_000).optional(),
  /** `host:port` of the Prometheus endpoint. Default none. */
  WORKER_METRICS_ADDRESS: z
    .string()
    .regex(/^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/u, 'must be host:port, such as 127.0.0.1:9464')
    .optional(),
  /** Name of the worker deployment; it makes a versioned worker. Default none: unversioned. */
  WORKER_DEPLOYMENT_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/u, 'must be letters, digits, - and _')
    .optional(),
  /** Build id of this worker. Default the git commit that it was built from. */
  WORKER_BUILD_ID: z.string().regex(BUILD_ID_PATTERN, 'must be letters, digits, -, _ and .').optional(),
  /** `trace`, `debug`, `info` (default), `warn` or `error`. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export interface WorkerConfig {
  readonly target: TargetSettings;
  readonly rules: GroupRules;
  readonly rolePolicyFile: string | undefined;
  readonly rosterFolder: string | undefined;
  readonly webhook:
    | { readonly url: URL; readonly secret: string | undefined; readonly giveUpAfterSeconds: number }
    | undefined;
  readonly auditFile: string;
  readonly health: { readonly host: string; readonly port: number };
  readonly shutdownGraceSeconds: number;
  readonly activitiesPerSecond: number | undefined;
  readonly metricsAddress: string | undefined;
  /** Undefined for an unversioned worker. */
  readonly deployment: { readonly deploymentName: string; readonly buildId: string } | undefined;
  readonly logLevel: z.output<typeof workerSettingsSchema>['LOG_LEVEL'];
}

/** Settings that cannot be used; the message names each, never its value. */
export class WorkerConfigError extends Error {
  override readonly name = 'WorkerConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The worker's settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nSet them in the environment or in .env (see .env.example).`,
    );
    this.problems = problems;
  }
}

/** For tools beside the worker: finds the stack of `npm run dev` in this folder, where nothing names another server. */
export function joinEnvironment(): void {
  joinDevStack('.', process.env);
}

/** @throws {WorkerConfigError} */
export function loadWorkerConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const parsed = workerSettingsSchema.superRefine(checkTargetSettings).safeParse(withoutEmpty(env));
  if (!parsed.success) throw new WorkerConfigError(parsed.error.issues.map(settingProblem));
  const s = parsed.data;
  return {
    target: targetSettingsSchema.parse(s),
    rules: groupRules(s),
    rolePolicyFile: s.ROLE_POLICY_FILE,
    rosterFolder: s.ROSTER_FOLDER,
    webhook:
      s.HRIS_WEBHOOK_URL === undefined
        ? undefined
        : {
            url: new URL(s.HRIS_WEBHOOK_URL),
            secret: s.HRIS_WEBHOOK_SECRET,
            giveUpAfterSeconds: s.HRIS_WEBHOOK_GIVE_UP_SECONDS,
          },
    auditFile: s.AUDIT_LOG_FILE,
    health: { host: s.WORKER_HEALTH_HOST, port: s.WORKER_HEALTH_PORT },
    shutdownGraceSeconds: s.WORKER_SHUTDOWN_GRACE_SECONDS,
    activitiesPerSecond: s.GENESYS_ACTIVITIES_PER_SECOND,
    metricsAddress: s.WORKER_METRICS_ADDRESS,
    deployment: deploymentOf(s.WORKER_DEPLOYMENT_NAME, s.WORKER_BUILD_ID),
    logLevel: s.LOG_LEVEL,
  };
}

function deploymentOf(deploymentName: string | undefined, given: string | undefined): WorkerConfig['deployment'] {
  if (deploymentName === undefined) {
    if (given === undefined) return undefined;
    throw new WorkerConfigError([
      'WORKER_DEPLOYMENT_NAME is not set: a WORKER_BUILD_ID alone makes no versioned worker',
    ]);
  }
  const buildId = given ?? builtBuildId();
  if (buildId !== undefined) return { deploymentName, buildId };
  throw new WorkerConfigError(['WORKER_BUILD_ID is not set, and this was not built from a git commit']);
}

/** Git commit of the source, for builds that have no git folder (`SOURCE_COMMIT`, an argument of the image's build). */
export function sourceCommit(): string | undefined {
  return process.env['SOURCE_COMMIT'];
}
