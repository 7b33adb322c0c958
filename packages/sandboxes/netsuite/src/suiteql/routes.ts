import { isRecord, type Route, type SandboxAnswer, type SandboxDatabase, type SandboxRequest } from '@mortise/testing';
import { enter, requirePermission } from '../rest/door.ts';
import { invalid } from '../rest/failure.ts';
import { pageJson, pageOf } from '../rest/paging.ts';
import type { NetSuiteSettings } from '../settings.ts';
import type { Context, NetSuiteState } from '../types.ts';
import { formatted, plainDate } from './dates.ts';
import type { Sql } from './expression.ts';
import { translated } from './query.ts';
import { viewSchema } from './tables.ts';
import { badQuery } from './tokens.ts';

/** Path of SuiteQL. */
export const suiteQlPath = '/services/rest/query/v1/suiteql';

const hour = 3_600_000;

/** Makes the views and the functions that queries are turned into. */
export function openSuiteQl({ raw }: SandboxDatabase, settings: NetSuiteSettings): void {
  raw.function('suiteql_to_char', (value, format) =>
    value === null ? null : formatted(Number(value), String(format)),
  );
  raw.function('suiteql_day', (value) => (value === null ? null : plainDate(Number(value))));
  raw.function('suiteql_utc', (value) => (value === null ? null : Number(value) - settings.suiteQlOffsetHours * hour));
  raw.function('suiteql_line_sign', () => settings.suiteQlLineSign);
  raw.exec(viewSchema);
}

function rows(database: SandboxDatabase, { sql, values }: Sql): Record<string, unknown>[] {
  try {
    return database.raw.prepare(sql).all(...values);
  } catch {
    // What the translation let through and the database refused: a query with words in a wrong place.
    throw badQuery('Invalid or unsupported search.');
  }
}

/** Fields without a value are left out of a row. */
function itemJson(row: Record<string, unknown>): Record<string, unknown> {
  return { links: [], ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) };
}

function query(request: SandboxRequest, context: Context): SandboxAnswer {
  enter(request, context);
  requirePermission(context, 'suiteql:view');
  const { settings } = context.state;
  if (!/(^|[\s,;])transient($|[\s,;])/i.test(String(request.headers.prefer ?? '')))
    throw invalid('The required request header Prefer is missing or has not the value transient.', 'INVALID_HEADER');
  const text = isRecord(request.body) ? request.body.q : undefined;
  if (typeof text !== 'string') throw invalid('The body needs the query in "q".', 'INVALID_CONTENT');
  const page = pageOf(request, context);
  if (page.offset >= settings.maxSuiteQlRows)
    throw invalid(`Only ${settings.maxSuiteQlRows} rows can be reached by an offset.`);
  const { sql, values } = translated(text, settings.suiteQlOffsetHours);
  const total = Number(rows(context.database, { sql: `SELECT count(*) AS n FROM (${sql})`, values })[0]?.n);
  const paged = { sql: `${sql} LIMIT ? OFFSET ?`, values: [...values, page.limit, page.offset] };
  const items = rows(context.database, paged).map(itemJson);
  return { status: 200, json: pageJson(request, page, { items, total: Math.min(total, settings.maxSuiteQlRows) }) };
}

/** SuiteQL. */
export const suiteQlRoutes: Route<NetSuiteState>[] = [{ method: 'POST', path: suiteQlPath, handle: query }];
