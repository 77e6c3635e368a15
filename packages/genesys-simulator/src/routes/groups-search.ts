import { z } from 'zod';
import type { DirectoryGroup } from '../directory.ts';
import { methodNotAllowed } from '../errors.ts';
import { readGatewayBody } from '../gateway-body.ts';
import { toGroupEntity } from '../group-entity.ts';
import { type Exchange, JSON_TYPE, jsonReply, type Reply } from '../http.ts';
import type { SimulatorState } from '../state.ts';

export const GROUP_SEARCH_PATH = '/api/v2/groups/search';

const text = z.string().max(4096);
const fields = z.array(z.enum(['id', 'name', 'description', 'state'])).min(1);

const criterionSchema = z.strictObject({
  type: z.enum(['EXACT', 'STARTS_WITH', 'CONTAINS', 'MATCH_ALL'], {
    error: 'the simulator knows EXACT, STARTS_WITH, CONTAINS and MATCH_ALL',
  }),
  operator: z.enum(['AND', 'OR', 'NOT']).default('AND'),
  fields: fields.optional(),
  value: text.optional(),
  values: z.array(text).max(1000).optional(),
});
type Criterion = z.output<typeof criterionSchema>;

const searchSchema = (maxPageSize: number) =>
  z.strictObject({
    query: z.array(criterionSchema).max(100).default([]),
    pageSize: z.number().int().min(1).max(maxPageSize).default(25),
    pageNumber: z.number().int().min(1).default(1),
    sortOrder: z.enum(['ASC', 'DESC', 'SCORE']).default('ASC'),
    sortBy: z.literal('name').default('name'),
  });

/**
 * `POST /api/v2/groups/search`, the part of it that finds groups by id, name, description or state. The rest of the
 * search language is refused with 400 rather than ignored, and so is the GET form with `q64`.
 */
export function routeGroupSearch(state: SimulatorState, exchange: Exchange, maxPageSize: number): Reply {
  if (exchange.method !== 'POST') return methodNotAllowed(exchange, ['POST']);
  const { query, pageSize, pageNumber, sortOrder } = readGatewayBody(exchange, searchSchema(maxPageSize), [JSON_TYPE]);
  const sign = sortOrder === 'DESC' ? -1 : 1;
  const found = state
    .findGroups('groups', exchange)
    .filter((group) => satisfies(group, query))
    .toSorted((a, b) => sign * (a.displayName.toLowerCase() < b.displayName.toLowerCase() ? -1 : 1));
  const start = (pageNumber - 1) * pageSize;
  return jsonReply(200, {
    total: found.length,
    pageCount: Math.ceil(found.length / pageSize),
    pageSize,
    pageNumber,
    types: ['groups'],
    results: found.slice(start, start + pageSize).map((group) => toGroupEntity(group, state.directory)),
  });
}

/** Criteria are joined from left to right. */
function satisfies(group: DirectoryGroup, query: readonly Criterion[]): boolean {
  return query.reduce((result, criterion) => {
    const holds = matches(group, criterion);
    if (criterion.operator === 'OR') return result || holds;
    return result && (criterion.operator === 'NOT' ? !holds : holds);
  }, true);
}

function matches(group: DirectoryGroup, criterion: Criterion): boolean {
  if (criterion.type === 'MATCH_ALL') return true;
  const wanted = [...(criterion.value === undefined ? [] : [criterion.value]), ...(criterion.values ?? [])];
  const actual = (criterion.fields ?? ['name']).map((field) => valueOf(group, field).toLowerCase());
  return wanted.some((value) => actual.some((part) => compare(criterion.type, part, value.toLowerCase())));
}

function compare(type: Criterion['type'], actual: string, wanted: string): boolean {
  if (type === 'EXACT') return actual === wanted;
  return type === 'STARTS_WITH' ? actual.startsWith(wanted) : actual.includes(wanted);
}

function valueOf(group: DirectoryGroup, field: z.output<typeof fields>[number]): string {
  switch (field) {
    case 'id':
      return group.id;
    case 'name':
      return group.displayName;
    case 'description':
      return group.settings.description ?? '';
    case 'state':
      return 'active';
  }
}
