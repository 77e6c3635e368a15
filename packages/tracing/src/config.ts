import * as z from 'zod';

const text = z.string().max(4096);
const endpoint = z
  .url({ protocol: /^https?$/u })
  .max(4096)
  .optional();
const protocol = z.enum(['http/protobuf', 'http/json'], { error: 'must be http/protobuf or http/json' }).optional();

/**
 * The settings of tracing that are looked at here, by the names of the OpenTelemetry specification. All others that the exporter, the
 * batches and the sampler know (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_*`, `OTEL_TRACES_SAMPLER`, …) are read by the OpenTelemetry
 * SDK itself from the environment of the process.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
const switchSchema = z.object({
  OTEL_SDK_DISABLED: text.optional(),
  OTEL_TRACES_EXPORTER: text.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: text.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text.optional(),
});

const settingsSchema = z.object({
  OTEL_TRACES_EXPORTER: z.literal('otlp', { error: 'must be otlp or none' }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
});

type Environment = Readonly<Record<string, string | undefined>>;

export interface TracingSettings {
  /** How spans are written. Default `http/protobuf`, as the specification has it. */
  readonly protocol: 'http/protobuf' | 'http/json';
}

/** Settings of tracing that cannot be used; the message names each, never its value. */
export class TracingConfigError extends Error {
  override readonly name = 'TracingConfigError';

  constructor(problems: readonly string[]) {
    super(
      `The settings of tracing cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nCorrect them, or turn tracing off by OTEL_SDK_DISABLED=true.`,
    );
  }
}

/** The environment of this process, where the OpenTelemetry SDK reads its settings too. */
export function currentEnvironment(): Environment {
  return process.env;
}

/**
 * Undefined if tracing is off: neither an endpoint is set nor `OTEL_TRACES_EXPORTER=otlp`; or `OTEL_TRACES_EXPORTER=none` or
 * `OTEL_SDK_DISABLED=true` is set. Settings that are not used are not checked.
 *
 * @throws {TracingConfigError}
 */
export function tracingSettings(env: Environment): TracingSettings | undefined {
  // `KEY=` means "not set" (specification, "Empty value").
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const wanted = parse(switchSchema, given);
  if (wanted.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || wanted.OTEL_TRACES_EXPORTER === 'none') return undefined;
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_EXPORTER_OTLP_ENDPOINT: all } = wanted;
  if ((exporter ?? all ?? wanted.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) === undefined) return undefined;
  const settings = parse(settingsSchema, given);
  return {
    protocol: settings.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? settings.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf',
  };
}

function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new TracingConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
