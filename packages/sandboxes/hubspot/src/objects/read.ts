import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { associationsOf } from '../associations/read.ts';
import { invalid, notFound } from '../failure.ts';
import { queryList } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import type { Context, HubSpotState, StoredObject } from '../types.ts';
import { objectColumns, storedObject } from './table.ts';
import { wireObject } from './wire.ts';
import { resolveObject } from './write.ts';

function limitOf(query: URLSearchParams, maximum: number): number {
  const limit = Number(query.get('limit') ?? 10);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maximum) return limit;
  throw invalid(`Invalid limit: it must be a whole number from 1 to ${maximum}`);
}

function afterOf(query: URLSearchParams): bigint {
  const after = query.get('after') ?? '';
  if (after === '') return 0n;
  if (/^\d{1,18}$/.test(after)) return BigInt(after);
  throw invalid('Invalid "after": use the value of paging.next.after');
}

function withAssociations(state: HubSpotState, object: StoredObject, query: URLSearchParams) {
  const wire = wireObject(state, object, queryList(query, 'properties'));
  const wanted = queryList(query, 'associations').map(objectTypeOf);
  if (wanted.length === 0) return wire;
  const associations = associationsOf(state, object, { wanted });
  return Object.keys(associations).length === 0 ? wire : { ...wire, associations };
}

function pageLink(request: SandboxRequest, after: string): string {
  const query = new URLSearchParams(request.query);
  query.set('after', after);
  return `http://${request.headers.host ?? 'localhost'}${request.path}?${query}`;
}

/** GET list: by id ascending, `after` is the last id of the page before. */
export function listObjects(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const limit = limitOf(request.query, state.settings.maxListLimit);
  const state_ = request.query.get('archived') === 'true' ? 'IS NOT NULL' : 'IS NULL';
  const sql = `SELECT ${objectColumns} FROM objects WHERE type = ? AND id > ? AND archived_at ${state_}
    ORDER BY objects.id LIMIT ?`;
  const rows = state.database.statement(sql).all(type, afterOf(request.query), limit + 1);
  const page = rows.slice(0, limit).map((row) => storedObject(type, row));
  const results = page.map((object) => withAssociations(state, object, request.query));
  const after = page.at(-1)?.id ?? '';
  const paging = rows.length > limit ? { paging: { next: { after, link: pageLink(request, after) } } } : {};
  return { status: 200, json: { results, ...paging } };
}

/** GET one, by id or by a unique property; archived ones only with archived=true. */
export function getObject(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const reference = { id: request.params.id ?? '', idProperty: request.query.get('idProperty') ?? undefined };
  const object = resolveObject(state, type, reference);
  const archived = request.query.get('archived') === 'true';
  if (object === undefined || (object.archivedAt !== null) !== archived) throw notFound('resource not found');
  return { status: 200, json: withAssociations(state, object, request.query) };
}
