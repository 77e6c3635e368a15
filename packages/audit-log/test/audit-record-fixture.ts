import type { AuditRecord } from '../src/index.ts';

export function auditRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  return {
    v: 1,
    id: 'onboard-group:acme:eng/run-1/1',
    timestamp: '2026-01-02T03:04:05.678Z',
    tenant: 'acme',
    externalId: 'eng',
    displayName: 'Engineering',
    status: 'success',
    outcome: 'created',
    latencyMs: 120,
    workflowId: 'onboard-group:acme:eng',
    runId: 'run-1',
    ...overrides,
  };
}
