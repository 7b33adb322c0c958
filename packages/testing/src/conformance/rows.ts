import { isRecord } from '../sandbox/record.ts';

/** Rows of a page within a body: the list that holds them, and each row where it is itself or beneath `node`. */
export interface FoundRows {
  readonly list: unknown[];
  readonly rows: readonly Record<string, unknown>[];
}

const rowOf = (item: unknown): Record<string, unknown> | undefined => {
  if (!isRecord(item)) return undefined;
  return isRecord(item.node) ? item.node : item;
};

/** By which key rows are known, and the ids that may stand there. */
interface Known {
  readonly key: string;
  readonly ids: ReadonlySet<string>;
}

const rowsIn = (list: readonly unknown[]): readonly Record<string, unknown>[] =>
  list.flatMap((item): Record<string, unknown>[] => {
    const row = rowOf(item);
    return row === undefined ? [] : [row];
  });

const keyed = (list: unknown[], { key, ids }: Known): FoundRows | undefined => {
  const rows = rowsIn(list);
  return rows.some((row) => ids.has(String(row[key]))) ? { list, rows } : undefined;
};

/** Finds the list of rows nearest to the top of a body: the one where a row's key is among the given ids. */
export const findRows = (body: unknown, known: Known): FoundRows | undefined => {
  let level: unknown[] = [body];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const value of level) {
      const found = Array.isArray(value) ? keyed(value, known) : undefined;
      if (found !== undefined) return found;
      if (typeof value === 'object' && value !== null) next.push(...Object.values(value));
    }
    level = next;
  }
  return undefined;
};

/** All rows of a JSON body whose key is among the given ids, in whatever list they lie: a page may hold one for each parent. */
export const rowsWithin = (body: unknown, known: Known): readonly Record<string, unknown>[] => {
  if (typeof body !== 'object' || body === null) return [];
  const here = Array.isArray(body) ? rowsIn(body) : [];
  return [
    ...here.filter((row) => known.ids.has(String(row[known.key]))),
    ...Object.values(body).flatMap((inner) => rowsWithin(inner, known)),
  ];
};

/** All places of a body, as the object, the name and the value there. */
export const placesOf = function* (value: unknown): Generator<{ owner: Record<string, unknown>; name: string }> {
  if (typeof value !== 'object' || value === null) return;
  if (isRecord(value)) for (const name of Object.keys(value)) yield { owner: value, name };
  for (const inner of Object.values(value)) yield* placesOf(inner);
};
