import { DirectoryError } from './directory.ts';
import { scimError } from './errors.ts';
import type { Reply } from './http.ts';
import { PatchError } from './scim-patch.ts';

/** Gives refusals of the directory and of PATCH their SCIM form. Other errors go on. */
export function asScim(run: () => Reply): Reply {
  try {
    return run();
  } catch (error) {
    if (error instanceof PatchError) return scimError(400, error.message, error.scimType);
    if (!(error instanceof DirectoryError)) throw error;
    if (error.problem.kind === 'duplicate') return scimError(409, error.message, 'uniqueness');
    return scimError(400, error.message, 'invalidValue');
  }
}
