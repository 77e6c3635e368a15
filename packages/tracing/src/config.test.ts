import { describe, expect, it } from 'vitest';
import { TracingConfigError, tracingSettings } from './config.ts';

const ENDPOINT = 'http://127.0.0.1:4318';

describe('tracingSettings', () => {
  it.each([
    ['nothing is set', {}],
    ['settings are empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' }],
    ['only the protocol is set', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
    ['the exporter is none', { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['the SDK is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
  ])('is off if %s', (_, env) => {
    expect(tracingSettings(env)).toBeUndefined();
  });

  it.each([
    ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }],
    ['an endpoint for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${ENDPOINT}/v1/traces` }],
    ['the exporter otlp', { OTEL_TRACES_EXPORTER: 'otlp' }],
  ])('is on by %s, in protobuf', (_, env) => {
    expect(tracingSettings(env)).toEqual({ protocol: 'http/protobuf' });
  });

  it('prefers the protocol for traces', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    expect(tracingSettings(env)).toEqual({ protocol: 'http/json' });
  });

  it('names what cannot be used, never its value', () => {
    const env = {
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:secret@host',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    };
    let message = '';
    try {
      tracingSettings(env);
    } catch (error) {
      if (!(error instanceof TracingConfigError)) throw error;
      message = error.message;
    }
    for (const part of [
      'OTEL_TRACES_EXPORTER: must be otlp or none',
      'OTEL_EXPORTER_OTLP_ENDPOINT:',
      'OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or http/json',
    ])
      expect(message).toContain(part);
    expect(message).not.toMatch(/zipkin|secret|grpc/u);
  });
});
