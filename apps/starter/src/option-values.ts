import { InvalidArgumentError } from 'commander';

const MAX_SECONDS = 7 * 24 * 3600;
const MAX_COUNT = 100_000;

/** A number of seconds, for commander. */
export function parseSeconds(text: string): number {
  return whole(text, MAX_SECONDS, 'a whole number of seconds');
}

/** A number of runs, for commander. */
export function parseCount(text: string): number {
  return whole(text, MAX_COUNT, 'a whole number');
}

/** A share in per cent, for commander. */
export function parsePercent(text: string): number {
  const value = /^\d{1,3}(?:\.\d{1,2})?$/u.test(text) ? Number(text) : -1;
  if (value < 0 || value > 100) throw new InvalidArgumentError('It must be a number from 0 to 100.');
  return value;
}

function whole(text: string, max: number, what: string): number {
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new InvalidArgumentError(`It must be ${what} from 1 to ${max}.`);
  return value;
}

export const JSON_HELP = 'print one JSON object to stdout, everything else to stderr';
export const TENANT_HELP = 'default: ONBOARDING_TENANT, or "default"';
export const ID_HELP = 'externalId or workflow id';
