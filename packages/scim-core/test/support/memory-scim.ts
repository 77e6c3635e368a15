import type { Answer, SeenRequest } from './http-server.ts';

export interface MemoryGroup {
  id: string;
  displayName: string;
  externalId?: string;
  members: string[];
}

export interface MemoryScimOptions {
  /**
   * `strict`: a removal with a value removes everybody (RFC 7644 section 3.5.2.2 read to the letter). `value-only`: a removal with a
   * path filter is not implemented (501), one with a value removes what it lists.
   */
  readonly removals: 'strict' | 'value-only';
  readonly maxMembers?: number;
}

interface Operation {
  op: string;
  path: string;
  value?: unknown;
}

/** Groups in memory behind the PATCH of RFC 7644, as far as these tests go. */
export function memoryScim(groups: MemoryGroup[], options: MemoryScimOptions) {
  const apply = (group: MemoryGroup, { op, path, value }: Operation): number => {
    const values = Array.isArray(value) ? value.map((member: { value: string }) => member.value) : [];
    const one = /^members\[value eq "(.*)"\]$/u.exec(path)?.[1];
    if (op === 'add' && path === 'members') {
      if (values.length > (options.maxMembers ?? Infinity)) return 400;
      group.members = [...new Set([...group.members, ...values])];
    } else if (op === 'remove' && one !== undefined) {
      if (options.removals === 'value-only') return 501;
      group.members = group.members.filter((id) => id !== one);
    } else if (op === 'remove' && path === 'members') {
      group.members = options.removals === 'strict' ? [] : group.members.filter((id) => !values.includes(id));
    } else if (op === 'replace' && path === 'externalId') {
      group.externalId = String(value);
    } else return 400;
    return 200;
  };

  const handle = ({ method, path, body }: SeenRequest): Answer => {
    const id = /^\/Groups\/(.+)$/u.exec(path)?.[1];
    if (method === 'POST') {
      const sent = JSON.parse(body) as { displayName: string; externalId: string; members: { value: string }[] };
      if (sent.members.length > (options.maxMembers ?? Infinity)) return { status: 400 };
      const members = sent.members.map(({ value }) => value);
      groups.push({ id: `g${groups.length + 1}`, displayName: sent.displayName, externalId: sent.externalId, members });
      return { status: 201, body: resource(groups.at(-1)) };
    }
    const group = groups.find((candidate) => candidate.id === id);
    if (group === undefined) return { status: 404 };
    if (method === 'PATCH') {
      const { Operations } = JSON.parse(body) as { Operations: Operation[] };
      const draft = { ...group };
      const refused = Operations.map((operation) => apply(draft, operation)).find((status) => status !== 200);
      if (refused !== undefined) return { status: refused };
      Object.assign(group, draft);
    }
    return { body: resource(group) };
  };

  return { groups, handle };
}

function resource(group: MemoryGroup | undefined): unknown {
  return group === undefined ? undefined : { ...group, members: group.members.map((value) => ({ value })) };
}
