import { NamespaceNotFoundError, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from './errors.ts';
import { toClientError } from './to-client-error.ts';

const facts = { call: 'start', namespace: 'ns', workflowId: 'onboard-group:default:g1', runId: 'r1', deadlineMs: 1234 };

/** What grpc-js makes: an Error with a code, details and metadata. */
function grpc(code: number, details: string): ServiceError {
  return new ServiceError('Failed to start Workflow', {
    cause: Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} }),
  });
}

const named = (name: string): Error => Object.assign(new Error('m'), { name });

describe('toClientError', () => {
  it.each([
    [
      'SearchAttributesMissing',
      grpc(3, 'Namespace ns has no mapping defined for search attribute OnboardingStage'),
      'onboard setup',
    ],
    ['RequestRefused', grpc(3, 'WorkflowId length exceeds limit.'), 'Correct'],
    ['PermissionDenied', grpc(7, 'Request unauthorized.'), 'TEMPORAL_API_KEY'],
    ['PermissionDenied', grpc(16, 'no token'), 'TEMPORAL_API_KEY'],
    ['RequestRefused', grpc(12, 'unknown service'), 'TEMPORAL_ADDRESS'],
    ['RequestRefused', grpc(13, 'internal'), 'log of the Temporal server'],
    ['TemporalUnavailable', grpc(14, 'connect ECONNREFUSED 127.0.0.1:1'), 'TEMPORAL_ADDRESS'],
    ['TemporalUnavailable', grpc(4, 'Deadline exceeded'), 'safe to make it again'],
    ['TemporalUnavailable', new Error('Channel has been shut down'), 'TEMPORAL_ADDRESS'],
    ['NamespaceNotFound', new NamespaceNotFoundError('ns'), 'TEMPORAL_NAMESPACE'],
    ['OnboardingNotFound', new WorkflowNotFoundError('workflow not found', facts.workflowId, undefined), 'externalId'],
  ])('maps to %s', (type, error, hint) => {
    const mapped = toClientError(error, facts);
    expect(mapped.type).toBe(type);
    expect(mapped.hint).toContain(hint);
    expect(mapped.cause).toBe(error);
  });

  it.each([
    new Error('Unknown encoding: binary/encrypted'),
    named('PayloadDecryptionError'),
    named('EncryptionKeyNotFoundError'),
  ])('tells what is encrypted from a server that does not answer: %s', (error) => {
    expect(toClientError(error, facts)).toMatchObject({
      type: 'PayloadUnreadable',
      hint: expect.stringContaining('PAYLOAD_ENCRYPTION_KEYS'),
    });
  });

  it('names the call, the workflow, the deadline and what the server said', () => {
    expect(toClientError(grpc(4, 'Deadline exceeded'), facts).message).toBe(
      'Temporal did not answer the call start of workflow onboard-group:default:g1 within 1234 ms.',
    );
    expect(toClientError(grpc(14, 'connect ECONNREFUSED'), facts).message).toContain('connect ECONNREFUSED');
  });

  it('tells a closed run from an unknown one', () => {
    const error = new WorkflowNotFoundError('workflow execution already completed', facts.workflowId, undefined);
    expect(toClientError(error, facts).message).toContain('has ended already');
  });

  it('maps a failed run', () => {
    const cause = ApplicationFailure.create({ message: 'taken', type: 'NameConflict' });
    const mapped = toClientError(new WorkflowFailedError('failed', cause, RetryState.NON_RETRYABLE_FAILURE), facts);
    expect(mapped).toMatchObject({
      type: 'NameConflict',
      message: 'taken',
      workflowId: facts.workflowId,
      runId: 'r1',
      cancelled: false,
    });
  });

  it('leaves an error of this package as it is', () => {
    const error = new InvalidArgumentError('m', 'h');
    expect(toClientError(error, facts)).toBe(error);
  });
});
