import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { invalid } from '../failure.ts';
import { jsonBody, textList } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import { objectColumns, storedObject } from '../objects/table.ts';
import { wireObject } from '../objects/wire.ts';
import type { Context } from '../types.ts';
import { searchTable } from './lag.ts';
import { parseSearch } from './query.ts';

/** POST search: filtered, one sort, 200 a page, nothing at or beyond 10,000, never an archived object. */
export function searchObjects(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const body = jsonBody(request);
  const { maxSearchBody } = state.settings;
  if (request.rawBody.length > maxSearchBody)
    throw invalid(`The search body is longer than ${maxSearchBody} characters`);
  const { where, order, limit, after } = parseSearch(state, type, body);
  const from = `FROM ${searchTable(state)} AS documents WHERE ${where.sql}`;
  const { database } = state;
  const total = Number(database.statement(`SELECT count(*) AS n ${from}`).get(...where.values)?.n);
  const page = `SELECT ${objectColumns} ${from} ORDER BY ${order} LIMIT ? OFFSET ?`;
  const rows = database.statement(page).all(...where.values, limit, after);
  const names = textList(body, 'properties');
  const results = rows.map((row) => wireObject(state, storedObject(type, row), names));
  const next = after + limit < total ? { paging: { next: { after: String(after + limit) } } } : {};
  return { status: 200, json: { total, results, ...next } };
}
