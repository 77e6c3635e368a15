import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts the message and the stack trace of a failure into a payload, where the codec encrypts them; in the history they
 * read "Encoded failure". Without it they are stored in plain text, whatever codec there is.
 *
 * The SDK loads this module by its path, also into the workflow sandbox: it may import nothing of Node.
 * Source: https://docs.temporal.io/develop/typescript/converters-and-encryption
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
