import { fileURLToPath } from 'node:url';

/**
 * File for `failureConverterPath` of a data converter and of `bundleWorkflowCode`. It is the compiled one, also when
 * this module is run from its source, because the SDK loads it with `require`.
 */
export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('../dist/failure-converter.js', import.meta.url));
