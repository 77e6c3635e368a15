import { withoutGroupUrn } from './urns.ts';

/** Attributes that a group filter can use, in lower case. */
export type FilterAttribute = 'displayname' | 'externalid' | 'id' | 'members.value';

/** A parsed filter. `member` is a value path: one and the same member has to satisfy `inner`. */
export type FilterNode =
  | { kind: 'compare'; attribute: FilterAttribute; operator: 'eq' | 'sw'; value: string }
  | { kind: 'and' | 'or'; left: FilterNode; right: FilterNode }
  | { kind: 'member'; inner: FilterNode };

/** The part of a group that a filter looks at. */
export interface FilterSubject {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string | undefined;
  readonly members: readonly string[];
}

/** The text is not a filter that this server can run. `position` counts UTF-16 units from 0. */
export class FilterError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (position ${position})`);
    this.name = 'FilterError';
    this.position = position;
  }
}

type Bracket = '(' | ')' | '[' | ']';
type Token = { kind: 'word' | 'string' | 'end' | Bracket; text: string; position: number };

// The parser is recursive: a bound on nesting keeps a long row of brackets from ending the process.
const MAX_DEPTH = 50;

/**
 * Parses a filter (RFC 7644 section 3.4.2.2): `eq` and `sw` with a JSON string, `and`, `or`, round brackets, and
 * `members[value eq "..."]`. Names and operators are read without regard to case.
 * @throws FilterError for everything else
 */
export function parseFilter(text: string): FilterNode {
  const parser = new Parser(tokenize(text), text.length);
  const node = parser.either(false, 0);
  parser.expect('end');
  return node;
}

/** Whether a group satisfies a filter. `displayName` is compared without regard to case, all else exactly. */
export function matchesFilter(node: FilterNode, group: FilterSubject): boolean {
  switch (node.kind) {
    case 'and':
      return matchesFilter(node.left, group) && matchesFilter(node.right, group);
    case 'or':
      return matchesFilter(node.left, group) || matchesFilter(node.right, group);
    case 'member':
      return group.members.some((member) => matchesFilter(node.inner, { ...group, members: [member] }));
    case 'compare':
      return valuesOf(node.attribute, group).some((value) => compare(node, value));
  }
}

function valuesOf(attribute: FilterAttribute, group: FilterSubject): readonly string[] {
  switch (attribute) {
    case 'displayname':
      return [group.displayName];
    case 'externalid':
      return group.externalId === undefined ? [] : [group.externalId];
    case 'id':
      return [group.id];
    case 'members.value':
      return group.members;
  }
}

function compare(node: FilterNode & { kind: 'compare' }, actual: string): boolean {
  const fold = (text: string): string => (node.attribute === 'displayname' ? text.toLowerCase() : text);
  const [left, right] = [fold(actual), fold(node.value)];
  return node.operator === 'eq' ? left === right : left.startsWith(right);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #next = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#end = { kind: 'end', text: '', position: length };
  }

  /** `a or b or c`; `and` binds closer (RFC 7644 section 3.4.2.2, order of operations). */
  either(inMember: boolean, depth: number): FilterNode {
    let left = this.#both(inMember, depth);
    while (this.#acceptWord('or')) left = { kind: 'or', left, right: this.#both(inMember, depth) };
    return left;
  }

  expect(kind: Token['kind']): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw new FilterError(`expected ${label(kind)}, found ${found(token)}`, token.position);
    this.#next += 1;
    return token;
  }

  #both(inMember: boolean, depth: number): FilterNode {
    let left = this.#single(inMember, depth);
    while (this.#acceptWord('and')) left = { kind: 'and', left, right: this.#single(inMember, depth) };
    return left;
  }

  #single(inMember: boolean, depth: number): FilterNode {
    const token = this.#peek();
    if (depth > MAX_DEPTH) throw new FilterError(`more than ${MAX_DEPTH} nested brackets`, token.position);
    if (token.kind === '(') {
      this.#next += 1;
      const inner = this.either(inMember, depth + 1);
      this.expect(')');
      return inner;
    }
    const name = this.expect('word');
    if (this.#peek().kind === '[') return this.#valuePath(name, inMember, depth);
    const attribute = toAttribute(name, inMember);
    const operator = this.#operator();
    return { kind: 'compare', attribute, operator, value: parseString(this.expect('string')) };
  }

  #valuePath(name: Token, inMember: boolean, depth: number): FilterNode {
    if (inMember || withoutGroupUrn(name.text).toLowerCase() !== 'members') {
      throw new FilterError(`${JSON.stringify(name.text)} cannot be followed by [`, name.position);
    }
    this.expect('[');
    const inner = this.either(true, depth + 1);
    this.expect(']');
    return { kind: 'member', inner };
  }

  #operator(): 'eq' | 'sw' {
    const token = this.expect('word');
    const operator = token.text.toLowerCase();
    if (operator === 'eq' || operator === 'sw') return operator;
    throw new FilterError(`operator ${JSON.stringify(token.text)} is not supported; use eq or sw`, token.position);
  }

  #acceptWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? this.#end;
  }
}

function toAttribute(token: Token, inMember: boolean): FilterAttribute {
  const name = withoutGroupUrn(token.text).toLowerCase();
  if (inMember) {
    if (name === 'value') return 'members.value';
  } else if (name === 'displayname' || name === 'externalid' || name === 'id' || name === 'members.value') {
    return name;
  }
  throw new FilterError(`attribute ${JSON.stringify(token.text)} cannot be filtered on`, token.position);
}

function parseString(token: Token): string {
  try {
    return JSON.parse(token.text) as string;
  } catch {
    throw new FilterError(`${token.text} is not a JSON string`, token.position);
  }
}

const TOKEN = /\s+|(?<bracket>[()[\]])|(?<string>"(?:[^"\\]|\\[^])*")|(?<word>[^\s()[\]"]+)/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) throw new FilterError('a string has no closing quote', position);
    const { bracket, string, word } = match.groups ?? {};
    if (bracket !== undefined) tokens.push({ kind: bracket as Bracket, text: bracket, position });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string, position });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, position });
    position += match[0].length;
  }
  return tokens;
}

function label(kind: Token['kind']): string {
  if (kind === 'word') return 'a name';
  if (kind === 'string') return 'a string in double quotes';
  return kind === 'end' ? 'the end' : `"${kind}"`;
}

function found(token: Token): string {
  return token.kind === 'end' ? 'the end' : token.text;
}
