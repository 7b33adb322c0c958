import { isRecord, parseJson } from '../sandbox/record.ts';
import type { WireAnswer } from './wire.ts';

/** Rows of a page within a body: the list that holds them, and each row where it is itself or beneath `node`. */
export interface FoundRows {
  readonly list: unknown[];
  readonly rows: readonly Record<string, unknown>[];
}

const rowOf = (item: unknown): Record<string, unknown> | undefined => {
  if (!isRecord(item)) return undefined;
  return isRecord(item.node) ? item.node : item;
};

const keyed = (list: unknown[], key: string, ids: ReadonlySet<string>): FoundRows | undefined => {
  const rows = list.flatMap((item): Record<string, unknown>[] => {
    const row = rowOf(item);
    return row === undefined ? [] : [row];
  });
  return rows.some((row) => ids.has(String(row[key]))) ? { list, rows } : undefined;
};

/** Finds the list of rows nearest to the top of a JSON body: the one where a row's key is among the given ids. */
export const findRows = (
  body: unknown,
  { key, ids }: { readonly key: string; readonly ids: ReadonlySet<string> },
): FoundRows | undefined => {
  let level: unknown[] = [body];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const value of level) {
      const found = Array.isArray(value) ? keyed(value, key, ids) : undefined;
      if (found !== undefined) return found;
      if (typeof value === 'object' && value !== null) next.push(...Object.values(value));
    }
    level = next;
  }
  return undefined;
};

/** An answer with its JSON body changed in place; the same answer where it has none, or where nothing is to be done. */
export const editJson = (answer: WireAnswer, change: (body: unknown) => boolean): WireAnswer => {
  const body = parseJson(answer.text);
  return body !== undefined && change(body) ? { ...answer, text: JSON.stringify(body) } : answer;
};

/** All places of a JSON body, as the object, the name and the value there. */
export const placesOf = function* (value: unknown): Generator<{ owner: Record<string, unknown>; name: string }> {
  if (typeof value !== 'object' || value === null) return;
  if (isRecord(value)) for (const name of Object.keys(value)) yield { owner: value, name };
  for (const inner of Object.values(value)) yield* placesOf(inner);
};
