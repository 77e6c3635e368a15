import { describe, expect, it } from 'vitest';
import { parseGroupDefinition, planChange, readGroupPage } from '../src/index.ts';
import { definition, LIST, listOf, scimClient, scimErrorOf, server } from './support/clients.ts';
import { memoryScim, type MemoryGroup } from './support/memory-scim.ts';
import type { Answer, SeenRequest } from './support/http-server.ts';

/** A target without discovery, on a server that answers as the test says. */
async function targetOn(handler: (request: SeenRequest) => Answer | undefined) {
  const host = await server((request) =>
    request.path === '/ServiceProviderConfig' ? { status: 404 } : handler(request),
  );
  return { host, target: await scimClient(host.url).target() };
}

const groupsRequests = (seen: readonly SeenRequest[]) => seen.filter(({ path }) => path.startsWith('/Groups'));

describe('O1: quotes and backslashes in displayName', () => {
  const names = ['TestGrp-!@#$%^&*()_+=-{}][":;\'/.,?\\1', 'This is "test" group.', 'a eq b and c', 'Größe 💡 +1'];

  it.each(names)('%s: the filter arrives as a JSON string', async (name) => {
    const { host, target } = await targetOn(() => listOf([{ id: 'g1', displayName: name }]));
    expect(await target.findByDisplayName(name)).toMatchObject([{ id: 'g1' }]);
    expect(groupsRequests(host.seen)[0]?.path).toContain(`filter=displayName eq ${JSON.stringify(name)}&`);
  });

  it.each([
    ['400 invalidFilter', { status: 400, body: { scimType: 'invalidFilter' } }],
    ['400 without scimType', { status: 400 }],
    ['200 and nothing', listOf([])],
  ])('%s: the whole list is read, and compared exactly', async (_name, refusal) => {
    const { target } = await targetOn(({ path }) =>
      path.includes('filter=')
        ? refusal
        : listOf([
            { id: 'g1', displayName: 'This is test group.' },
            { id: 'g2', displayName: 'This is "test" group.' },
          ]),
    );
    expect((await target.findByDisplayName('This is "test" group.')).map(({ id }) => id)).toEqual(['g2']);
  });

  it('a plain name that is not found costs one request', async () => {
    const { host, target } = await targetOn(() => listOf([]));
    expect(await target.findByDisplayName('Sales')).toEqual([]);
    expect(groupsRequests(host.seen)).toHaveLength(1);
  });
});

describe('O2: keys in another case', () => {
  it('resources, totalresults, ID and displayname are read', async () => {
    const { target } = await targetOn(() => ({
      body: { totalresults: 1, resources: [{ ID: 'g1', displayname: 'Sales' }] },
    }));
    expect(await target.findByDisplayName('Sales')).toMatchObject([{ id: 'g1', displayName: 'Sales' }]);
  });

  it('the canonical spelling wins where both occur', () => {
    const page = readGroupPage({ resources: [], totalResults: 1, Resources: [{ id: 'g1', displayName: 'Sales' }] });
    expect(page?.groups).toHaveLength(1);
  });
});

describe('O3: the filter is ignored and all groups come back', () => {
  const others = ['a', 'b', 'c'].map((id) => ({ id, displayName: `Group ${id}`, externalId: `HR-${id}` }));

  it('none of them is taken for the one that was looked for', async () => {
    const { target } = await targetOn(() => listOf(others));
    expect(await target.findByExternalId('hr-a')).toEqual([]);
    expect(await target.findByDisplayName('Sales')).toEqual([]);
    expect(await target.findByExternalIdPrefix('hr-')).toEqual([]);
    expect((await target.findByExternalId('HR-b')).map(({ id }) => id)).toEqual(['b']);
    expect((await target.findByDisplayName('GROUP C')).map(({ id }) => id)).toEqual(['c']);
  });

  it('users that were not asked for are not counted as members that exist', async () => {
    const { target } = await targetOn(({ path }) =>
      path.startsWith('/Users?') ? listOf([{ id: 'stranger' }, { id: 'u1' }]) : { status: 404 },
    );
    expect(await target.existingUsers(['u1', 'u2'])).toEqual(new Set(['u1']));
  });
});

describe('O4: removing one member', () => {
  const start = (): MemoryGroup[] => [{ id: 'g1', displayName: 'Sales', members: ['a', 'b', 'c'] }];

  it('names it in the path: a strict server keeps the others', async () => {
    const strict = memoryScim(start(), { removals: 'strict' });
    const { target } = await targetOn(strict.handle);
    await target.change('g1', { remove: ['b'] });
    expect((await target.get('g1')).memberIds).toEqual(['a', 'c']);
  });

  it('names it in the value only where a setting asks for it', async () => {
    const valueOnly = memoryScim(start(), { removals: 'value-only' });
    const host = await server(({ ...request }) => valueOnly.handle(request));
    const byPath = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    expect((await scimErrorOf(byPath.change('g1', { remove: ['b'] }))).facts.status).toBe(501);
    const env = { SCIM_PROFILE: 'aws-identity-center', SCIM_REMOVE_BY: 'value' };
    await (await scimClient(host.url, env).target()).change('g1', { remove: ['b'], add: ['d'] });
    expect(valueOnly.groups[0]?.members).toEqual(['a', 'c', 'd']);
  });
});

describe('O5: an unclear POST', () => {
  it.each([
    ['429', { status: 429, headers: { 'retry-after': '1' } }, 'rate_limited'],
    ['500', { status: 500 }, 'server_error'],
    ['201 without a body', { status: 201 }, 'empty_body'],
    ['201 with HTML', { status: 201, body: '<html>' }, 'html_instead_of_json'],
  ])('%s is never sent again by the client, and says that it may have worked', async (_name, answer, code) => {
    const { host, target } = await targetOn(() => answer);
    const error = await scimErrorOf(target.create(definition()));
    expect(error).toMatchObject({ code, outcomeUnclear: true });
    expect(groupsRequests(host.seen)).toHaveLength(1);
  });
});

describe('O6: at most 100 members in a request', () => {
  const members = Array.from({ length: 137 }, (_, index) => ({ id: `u${index}` }));

  it('create carries what one request takes, and says that it is not complete', async () => {
    const scim = memoryScim([], { removals: 'strict', maxMembers: 100 });
    const { target } = await targetOn(scim.handle);
    const { group, complete } = await target.create(definition({ members }));
    expect(complete).toBe(false);
    const rest = planChange(definition({ members }), await target.get(group.id), { makeEqual: false });
    expect(rest.add).toHaveLength(37);
    await target.change(group.id, rest);
    expect((await target.get(group.id)).memberIds).toHaveLength(137);
  });

  it.each([
    [413, 'payload_too_large'],
    [400, 'request_refused'],
  ])('a %i to too many is not unclear', async (status, code) => {
    const { target } = await targetOn(() => ({ status }));
    expect(await scimErrorOf(target.change('g1', { add: ['u1'] }))).toMatchObject({ code, outcomeUnclear: false });
  });
});

describe('O7: the first page taken for the whole', () => {
  const groups = Array.from({ length: 43 }, (_, index) => ({ id: `g${index}`, displayName: `Team ${index}` }));
  const page = (path: string, size: number) => {
    const startIndex = Number(new URL(path, 'http://x').searchParams.get('startIndex'));
    return {
      body: { schemas: [LIST], totalResults: 43, Resources: groups.slice(startIndex - 1, startIndex - 1 + size) },
    };
  };

  it('is read to the end, whatever size the server makes its pages', async () => {
    const { target } = await targetOn(({ path }) => page(path, 20));
    expect(await count(target.list())).toBe(43);
  });

  it('fails as a whole where one page fails', async () => {
    const { target } = await targetOn(({ path }) =>
      path.includes('startIndex=41') ? { status: 500 } : page(path, 20),
    );
    expect((await scimErrorOf(count(target.list()))).code).toBe('server_error');
  });
});

describe('O8: itemsPerPage is the requested count, startIndex 0', () => {
  it('pages by what was received; totalResults may be text', async () => {
    const all = Array.from({ length: 43 }, (_, index) => ({ id: `g${index}`, displayName: `Team ${index}` }));
    const { host, target } = await targetOn(({ path }) => {
      const from = Number(new URL(path, 'http://x').searchParams.get('startIndex')) - 1;
      return { body: { totalResults: '43', itemsPerPage: 100, startIndex: 0, Resources: all.slice(from, from + 15) } };
    });
    expect(await count(target.list())).toBe(43);
    const starts = groupsRequests(host.seen).map(({ path }) =>
      new URL(path, 'http://x').searchParams.get('startIndex'),
    );
    expect(starts).toEqual(['1', '16', '31']);
  });

  it('a server that repeats page 1 for ever is an error, not an endless loop', async () => {
    const { host, target } = await targetOn(() => ({
      body: { totalResults: 43, Resources: [{ id: 'g1', displayName: 'Team 1' }] },
    }));
    const error = await scimErrorOf(count(target.list()));
    expect(error).toMatchObject({ code: 'pagination_stuck', retryable: false });
    expect(groupsRequests(host.seen)).toHaveLength(2);
  });

  it('an empty page ends a list that promised more', async () => {
    const { target } = await targetOn(({ path }) =>
      path.includes('startIndex=1&')
        ? { body: { totalResults: 43, Resources: [{ id: 'g1', displayName: 'Team 1' }] } }
        : { body: { totalResults: 43 } },
    );
    expect(await count(target.list())).toBe(1);
  });
});

describe('O9: 404 directly after create', () => {
  it('is not_found with its correlation id, and not tried again by the client', async () => {
    let reads = 0;
    const { target } = await targetOn(({ method }) => {
      if (method === 'POST') return { status: 201, body: { id: 'g1', displayName: 'Sales' } };
      reads += 1;
      return reads <= 2 ? { status: 404 } : { body: { id: 'g1', displayName: 'Sales' } };
    });
    const { group } = await target.create(definition());
    expect((await scimErrorOf(target.get(group.id))).code).toBe('not_found');
    expect((await scimErrorOf(target.get(group.id))).code).toBe('not_found');
    expect(await target.get(group.id)).toMatchObject({ id: 'g1', memberIds: [] });
  });
});

describe('O10: success without body or Content-Type', () => {
  it.each([204, 200])('%i to PATCH and DELETE', async (status) => {
    const { target } = await targetOn(() => ({ status }));
    await expect(target.change('g1', { add: ['u1'] })).resolves.toBeUndefined();
    await expect(target.delete('g1')).resolves.toBeUndefined();
  });
});

describe('O11: an HTML page with status 200', () => {
  it('is neither "not found" nor "created"', async () => {
    const { target } = await targetOn(() => ({ headers: { 'content-type': 'text/html' }, body: '<html>SCIM is off' }));
    expect((await scimErrorOf(target.findByDisplayName('Sales'))).code).toBe('html_instead_of_json');
    const error = await scimErrorOf(target.create(definition()));
    expect(error.code).toBe('html_instead_of_json');
    expect(error.message).toContain('content type text/html');
    expect(error.message).toContain('SCIM is off');
  });

  it.each([
    ['HTML as SCIM', { status: 404, headers: { 'content-type': 'application/scim+json' }, body: '<h1>no' }],
    ['nothing', { status: 404 }],
    ['text', { status: 404, body: 'no' }],
  ])('an error with %s as its body keeps the meaning of its status', async (_name, answer) => {
    const { target } = await targetOn(() => answer);
    expect((await scimErrorOf(target.get('g1'))).code).toBe('not_found');
  });
});

describe('O12: duplicate member values', () => {
  it('are sent once, first order kept, and counted', async () => {
    const { host, target } = await targetOn(() => ({
      status: 201,
      body: { id: 'g1', displayName: 'Sales', externalId: 'hr-1' },
    }));
    const members = [{ id: 'u1' }, { id: 'u2' }, { id: 'u1' }];
    const { complete } = await target.create(definition({ members }));
    expect(complete).toBe(true);
    const sent: unknown = JSON.parse(groupsRequests(host.seen)[0]?.body ?? '');
    expect(sent).toMatchObject({ members: [{ value: 'u1' }, { value: 'u2' }] });
    expect(parseGroupDefinition(definition({ members }))).toMatchObject({ ok: true, duplicatesDropped: 1 });
  });

  it('that the target has are read once', async () => {
    const { target } = await targetOn(() => ({
      body: { id: 'g1', displayName: 'Sales', members: [{ value: 'u1' }, { value: 'u1' }] },
    }));
    expect((await target.get('g1')).memberIds).toEqual(['u1']);
  });
});

async function count(groups: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _group of groups) total += 1;
  return total;
}
