import {
  DeadlineExceededError,
  DefinitionMismatchError,
  InvalidGroupDefinitionError,
  OnboardingFailedError,
  OnboardingNotFoundError,
  TemporalRefusedError,
  TemporalUnavailableError,
} from '@scim-onboarding/onboarding-client';
import { TemporalConfigError, TemporalUnreachableError } from '@scim-onboarding/temporal-connection';
import { describe, expect, it } from 'vitest';
import { errorLines, toCliError } from './cli-error.ts';

const failure = { type: 'NameConflict', message: 'taken', hint: 'rename', cancelled: false };
const issues = [{ path: '$.displayName', code: 'invalid_name', message: 'no' }] as const;

describe('toCliError', () => {
  it.each([
    [1, 'NameConflict', new OnboardingFailedError(failure, 'w', 'r')],
    [1, 'SearchAttributesMissing', new TemporalRefusedError('SearchAttributesMissing', 'm', 'h')],
    [2, 'InvalidGroupDefinition', new InvalidGroupDefinitionError(issues)],
    [2, 'DefinitionMismatch', new DefinitionMismatchError('w', 'r')],
    [2, 'OnboardingNotFound', new OnboardingNotFoundError('w', 'ns')],
    [2, 'TemporalConfig', new TemporalConfigError('The address is bad. Correct it.')],
    [3, 'TemporalUnavailable', new TemporalUnavailableError('m', 'h')],
    [3, 'TemporalUnreachable', new TemporalUnreachableError('127.0.0.1:1', 5, undefined)],
    [4, 'DeadlineExceeded', new DeadlineExceededError('w', 5)],
    [1, 'Unforeseen', new TypeError('x is not a function')],
  ])('ends with %i for %s', (exitCode, type, error) => {
    expect(toCliError(error)).toMatchObject({ exitCode, report: { type } });
  });

  it('keeps the ids of the run and the issues of the definition', () => {
    expect(toCliError(new OnboardingFailedError(failure, 'w', 'r')).report).toMatchObject({
      workflowId: 'w',
      runId: 'r',
      hint: 'rename',
    });
    expect(toCliError(new InvalidGroupDefinitionError(issues)).report.issues).toEqual(issues);
  });

  it('separates what happened from what to do', () => {
    expect(toCliError(new TemporalConfigError('The address is bad. Correct it.')).report).toMatchObject({
      message: 'The address is bad.',
      hint: 'Correct it.',
    });
  });
});

describe('errorLines', () => {
  it('shows message, issues with their paths, and the hint', () => {
    expect(errorLines(toCliError(new InvalidGroupDefinitionError(issues)).report)).toEqual([
      '✗ InvalidGroupDefinition: The group definition is not valid:',
      '    $.displayName: no (invalid_name)',
      '  → Correct the values at these paths and start again. Nothing was sent.',
    ]);
  });
});
