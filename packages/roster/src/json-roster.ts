import { INPUT_LIMITS, parseGroupDefinition } from '@scim-onboarding/scim-core';
import { jsonElements, type JsonElement } from './json-elements.ts';
import { splitLines } from './lines.ts';
import { problem, UnreadableRoster, type RosterItem, type RosterOptions } from './roster-item.ts';

/**
 * Reads groups from a JSON array, or from the array `groups` of an object. Groups come in the order of the file, each as soon as it is
 * read. Only the externalIds are kept, to find those that occur twice.
 */
export async function* jsonRoster(text: AsyncIterable<string>, options: RosterOptions): AsyncGenerator<RosterItem> {
  yield* elementItems(jsonElements(text, INPUT_LIMITS.bytes), options);
}

/** Reads groups from lines of JSON, one group a line; blank lines are left out. */
export async function* ndjsonRoster(text: AsyncIterable<string>, options: RosterOptions): AsyncGenerator<RosterItem> {
  yield* elementItems(lineElements(text), options);
}

async function* lineElements(text: AsyncIterable<string>): AsyncGenerator<JsonElement> {
  let some = false;
  for await (const { row, text: line } of splitLines(text, INPUT_LIMITS.bytes)) {
    if (line !== undefined && line.trim() === '') continue;
    some = true;
    yield { row, path: '$', text: line };
  }
  if (!some) throw new UnreadableRoster({ row: 1, code: 'empty_file', message: 'the file is empty' });
}

async function* elementItems(
  elements: AsyncIterable<JsonElement>,
  { rules }: RosterOptions,
): AsyncGenerator<RosterItem> {
  const rows = new Map<string, number>();
  try {
    for await (const element of elements) {
      for (const item of itemsOf(element, rules)) {
        if (item.kind !== 'group') {
          yield item;
          continue;
        }
        const { externalId } = item.definition;
        const before = rows.get(externalId);
        if (before === undefined) {
          rows.set(externalId, element.row);
          yield item;
          continue;
        }
        const message = `group ${JSON.stringify(externalId)} stands in row ${before} and again in row ${element.row}; only the first one was taken`;
        yield problem({ row: element.row, path: `${element.path}.externalId`, code: 'duplicate_group', message });
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableRoster)) throw error;
    yield problem(error.problem);
  }
}

function itemsOf({ row, path, text }: JsonElement, rules: RosterOptions['rules']): RosterItem[] {
  if (text === undefined) {
    const message = `is longer than ${INPUT_LIMITS.bytes} characters; split the group`;
    return [problem({ row, path, code: 'too_large', message })];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The reason of JSON.parse quotes the text, which may hold personal data: only its place is said.
    const at = /position (\d+)/u.exec(String(error))?.[1];
    const where = at === undefined ? '' : ` at character ${Number(at) + 1} of the group`;
    return [problem({ row, path, code: 'invalid_json', message: `is not valid JSON${where}` })];
  }
  const parsed = parseGroupDefinition(value, rules);
  if (!parsed.ok) {
    return parsed.issues.map((issue) =>
      problem({ row, path: `${path}${issue.path.slice(1)}`, code: issue.code, message: issue.message }),
    );
  }
  const { definition, duplicatesDropped } = parsed;
  return [{ kind: 'group', definition, duplicatesDropped, source: { row }, complete: true }];
}
