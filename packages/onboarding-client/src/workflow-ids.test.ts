import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from './errors.ts';
import { resolveWorkflowId, runUiPath } from './workflow-ids.ts';

describe('resolveWorkflowId', () => {
  it('makes the id of an externalId', () => {
    expect(resolveWorkflowId('g1')).toBe('onboard-group:default:g1');
    expect(resolveWorkflowId('g1', 'acme')).toBe('onboard-group:acme:g1');
  });

  it('uses a workflow id as it is, whatever the tenant', () => {
    expect(resolveWorkflowId('onboard-group:acme:g1', 'other')).toBe('onboard-group:acme:g1');
  });

  it.each(['', 'a b', 'a:b', '-a', 'a'.repeat(65)])('refuses the tenant %j', (tenant) => {
    expect(() => resolveWorkflowId('g1', tenant)).toThrow(InvalidArgumentError);
  });

  it('refuses what Temporal would refuse', () => {
    expect(() => resolveWorkflowId('')).toThrow(InvalidArgumentError);
    expect(() => resolveWorkflowId('😀'.repeat(250))).toThrow(/1000 bytes/u);
  });
});

describe('runUiPath', () => {
  it('encodes every part', () => {
    expect(runUiPath('ns', 'onboard-group:t:a/b #1', 'r')).toBe(
      '/namespaces/ns/workflows/onboard-group%3At%3Aa%2Fb%20%231/r',
    );
  });
});
