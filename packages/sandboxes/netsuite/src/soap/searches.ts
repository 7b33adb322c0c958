import { randomUUID } from 'node:crypto';
import { isRecord, parseJson } from '@mortise/testing';
import { recordKind } from '../records/fields.ts';
import type { Condition } from '../records/table.ts';
import type { RecordType } from '../types.ts';
import type { SoapCall } from './call.ts';

/** Searches that can be paged on; their results are not kept, because every page runs the search anew. */
export const searchSchema = `
CREATE TABLE IF NOT EXISTS searches (id TEXT PRIMARY KEY, definition TEXT NOT NULL, used_at INTEGER NOT NULL);`;

/** A search: everything but the page. `columns` are names of result columns, undefined for whole records. */
export type Search = {
  id: string;
  type: RecordType;
  condition: Condition;
  pageSize: number;
  columns: readonly string[] | undefined;
};

/** Keeps a search so that its pages can be asked for. */
export function keepSearch(search: Omit<Search, 'id'>, { context }: SoapCall): Search {
  const { account } = context.state.settings;
  const id = `WEBSERVICES_${account}_${randomUUID().replaceAll('-', '')}`;
  const definition = JSON.stringify(search);
  context.database.statement('INSERT INTO searches VALUES (?, ?, ?)').run(id, definition, context.state.clock.now());
  return { ...search, id };
}

function isValues(value: unknown): value is (string | number)[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string' || typeof each === 'number');
}

function readSearch(id: string, text: string): Search | undefined {
  const kept = parseJson(text);
  if (!isRecord(kept) || !isRecord(kept.condition) || !isValues(kept.condition.values)) return undefined;
  const kind = recordKind(String(kept.type));
  if (kind === undefined) return undefined;
  const { sql, values } = kept.condition;
  const columns = Array.isArray(kept.columns) ? kept.columns.map(String) : undefined;
  return { id, type: kind.type, condition: { sql: String(sql), values }, pageSize: Number(kept.pageSize), columns };
}

/** The search of an id, which now lives on; undefined when it is unknown or was unused for too long. */
export function useSearch(id: string, { context }: SoapCall): Search | undefined {
  const { database, state } = context;
  const now = state.clock.now();
  database.statement('DELETE FROM searches WHERE used_at < ?').run(now - state.settings.searchLifeMs);
  const row = database.statement('SELECT definition FROM searches WHERE id = ?').get(id);
  if (row === undefined) return undefined;
  database.statement('UPDATE searches SET used_at = ? WHERE id = ?').run(now, id);
  return readSearch(id, String(row.definition));
}
