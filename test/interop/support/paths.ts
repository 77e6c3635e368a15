import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const interopFolder = dirname(dirname(fileURLToPath(import.meta.url)));
export const peersFolder = join(interopFolder, 'peers');
/** Not in version control; what is in it can be deleted at any time. */
export const environmentsFolder = join(interopFolder, '.venvs');
