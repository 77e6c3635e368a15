import { parseColumnMap, type ColumnMap } from '@scim-onboarding/roster';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/**
 * The value of `--map`.
 *
 * @throws {CliError} with exit code 2
 */
export function columnMap(text: string): ColumnMap {
  try {
    return parseColumnMap(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, {
      type: 'Usage',
      message,
      hint: 'For example --map "externalId=Team ID,displayName=Team".',
    });
  }
}
