import { isRecord } from '@mortise/testing';
import { invalid } from '../failure.ts';
import { recordList, textField } from '../fields.ts';
import type { HubSpotState, ObjectType } from '../types.ts';
import { type Condition, filterCondition, operandOf } from './filters.ts';

/** The wall: no result at or beyond it can be read, however the query is paged. */
const searchWall = 10_000;

const maxPage = 200;
const defaultPage = 10;

/** A search that was understood. */
export type SearchQuery = { where: Condition; order: string; limit: number; after: number };

const searched: Record<ObjectType, readonly string[]> = {
  contacts: ['email', 'firstname', 'lastname', 'phone', 'company'],
  companies: ['name', 'domain', 'website', 'phone'],
  deals: ['dealname', 'pipeline', 'dealstage', 'description'],
  products: ['name', 'description', 'price', 'hs_sku'],
  line_items: ['name', 'description', 'hs_sku'],
};

function joined(conditions: Condition[], word: 'AND' | 'OR'): Condition {
  const sql = conditions.map((condition) => condition.sql).join(` ${word} `);
  return { sql: `(${sql})`, values: conditions.flatMap((condition) => condition.values) };
}

function refuseTooMany(state: HubSpotState, groups: Record<string, unknown>[][]): void {
  const { maxFilterGroups, maxFiltersPerGroup, maxFilters } = state.settings;
  const most = Math.max(0, ...groups.map((group) => group.length));
  if (groups.length > maxFilterGroups) throw invalid(`Too many filterGroups: at most ${maxFilterGroups}`);
  if (most > maxFiltersPerGroup) throw invalid(`Too many filters in a group: at most ${maxFiltersPerGroup}`);
  if (groups.flat().length > maxFilters) throw invalid(`Too many filters: at most ${maxFilters} in all`);
}

function conditionsOf(state: HubSpotState, type: ObjectType, body: Record<string, unknown>): Condition[] {
  const groups = recordList(body, 'filterGroups').map((group) => recordList(group, 'filters'));
  refuseTooMany(state, groups);
  const filled = groups.filter((group) => group.length > 0);
  const alternatives = filled.map((group) =>
    joined(
      group.map((filter) => filterCondition(state, type, filter)),
      'AND',
    ),
  );
  const query = textField(body, 'query');
  const conditions = alternatives.length === 0 ? [] : [joined(alternatives, 'OR')];
  if (query === undefined || query === '') return conditions;
  const words = searched[type].map(
    (name): Condition => ({
      sql: `instr(lower(coalesce(json_extract(properties, '$."${name}"'), '')), ?) > 0`,
      values: [query.toLowerCase()],
    }),
  );
  return [...conditions, joined(words, 'OR')];
}

/** A sort is an object, or a name that '-' turns round. */
function sortOf(sort: unknown): { name: string; descending: boolean } {
  if (typeof sort === 'string') {
    const descending = sort.startsWith('-');
    return { name: descending ? sort.slice(1) : sort, descending };
  }
  const name = isRecord(sort) ? textField(sort, 'propertyName') : undefined;
  if (name === undefined) throw invalid('A sort needs "propertyName"');
  return { name, descending: isRecord(sort) && sort.direction === 'DESCENDING' };
}

function orderOf(state: HubSpotState, type: ObjectType, body: Record<string, unknown>): string {
  const sorts = Array.isArray(body.sorts) ? body.sorts : [];
  if (sorts.length > 1) throw invalid('Only one sort is allowed');
  const tie = state.settings.tieOrder === 'descending' ? 'DESC' : 'ASC';
  if (sorts.length === 0) return `created_at, documents.id ${tie}`;
  const { name, descending } = sortOf(sorts[0]);
  const { sql } = operandOf(state, { type, name });
  const direction = descending ? 'DESC' : 'ASC';
  // Plain `id` would name the selected text; the number must decide.
  return sql === 'id' ? `documents.id ${direction}` : `${sql} ${direction}, documents.id ${tie}`;
}

function wholeNumber(body: Record<string, unknown>, { name, fallback }: { name: string; fallback: number }): number {
  const text = textField(body, name);
  if (text === undefined || text === '') return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid(`"${name}" must be a whole number`);
}

/** Reads a search body. Throws 400 for what the vendor refuses. */
export function parseSearch(state: HubSpotState, type: ObjectType, body: Record<string, unknown>): SearchQuery {
  const limit = wholeNumber(body, { name: 'limit', fallback: defaultPage });
  const after = wholeNumber(body, { name: 'after', fallback: 0 });
  if (limit < 1 || limit > maxPage) throw invalid(`Invalid limit: a search page has from 1 to ${maxPage} results`);
  if (after >= searchWall) throw invalid(`Paging beyond ${searchWall} results is not possible: narrow the filters`);
  const always: Condition = { sql: 'type = ? AND archived_at IS NULL', values: [type] };
  const where = joined([always, ...conditionsOf(state, type, body)], 'AND');
  return { where, order: orderOf(state, type, body), limit, after };
}
