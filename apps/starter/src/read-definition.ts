import { createReadStream } from 'node:fs';
import { INPUT_LIMITS } from '@scim-onboarding/scim-core';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import { jsonErrorOffset, lineAndColumn } from './json-position.ts';

/** Bytes as they come; what a stream gives. */
export type ByteSource = AsyncIterable<Buffer | string>;

/**
 * Reads a definition from a file, or from stdin for `-`. Reads at most `INPUT_LIMITS.bytes`. The value is not checked yet.
 *
 * @throws CliError with exit code 2 if it cannot be read, is too large, is empty, is not UTF-8 or is not JSON
 */
export async function readDefinition(path: string, stdin: ByteSource): Promise<unknown> {
  const name = path === '-' ? '(stdin)' : path;
  const bytes = await readBytes(path === '-' ? stdin : createReadStream(path), name);
  const text = decode(bytes, name);
  if (text.trim() === '') {
    throw inputError(
      'EmptyInput',
      `${name} is empty.`,
      'Hand over a group definition as JSON; examples/engineering-team-alpha.json is one.',
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw notJson(name, text, error);
  }
}

async function readBytes(source: ByteSource, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > INPUT_LIMITS.bytes) break;
      chunks.push(bytes);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(
      'UnreadableInput',
      `${name} cannot be read: ${reason}`,
      'Name a file that exists and can be read, or - for stdin.',
    );
  }
  if (size > INPUT_LIMITS.bytes) {
    throw inputError(
      'InputTooLarge',
      `${name} is larger than ${INPUT_LIMITS.bytes} bytes.`,
      'Split the group into smaller ones.',
    );
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, name: string): string {
  try {
    // Removes a byte order mark, which editors on Windows put in front and JSON.parse refuses.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw inputError('InvalidEncoding', `${name} is not UTF-8.`, 'Save the file as UTF-8.');
  }
}

function notJson(name: string, text: string, error: unknown): CliError {
  const offset = jsonErrorOffset(text);
  const { line, column } = lineAndColumn(text, Math.max(0, offset));
  const found = text.codePointAt(offset);
  const what =
    found === undefined
      ? 'the text ends here, too early'
      : `${JSON.stringify(String.fromCodePoint(found))} cannot stand here`;
  return new CliError(
    EXIT.usage,
    {
      type: 'InvalidJson',
      message: `${name}:${line}:${column}: this is not JSON: ${what}.`,
      hint: 'Correct the text at this line and column.',
    },
    { cause: error },
  );
}

function inputError(type: string, message: string, hint: string): CliError {
  return new CliError(EXIT.usage, { type, message, hint });
}
