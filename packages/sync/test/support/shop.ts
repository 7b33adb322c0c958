import { serveJson } from './http-server.ts';

/** A record of the shop, as it is answered. */
export interface ShopRow {
  readonly id: string | number;
  readonly updatedAt: string;
  readonly [field: string]: unknown;
}

const pageSize = 3;

const cursorOf = ({ updatedAt, id }: ShopRow): string => `${updatedAt}|${String(id).padStart(6, '0')}`;

/**
 * A source of records in pages of three, sorted by change stamp and id. A row may be hidden for a while, as one whose
 * transaction has not been committed.
 */
export const startShop = async () => {
  const tables = new Map<string, ShopRow[]>();
  const hidden = new Set<string | number>();
  /** A source that takes no notice of the window's end. */
  const quirks = { ignoresUntil: false };
  const rowsOf = (kind: string): ShopRow[] => {
    const rows = tables.get(kind) ?? [];
    tables.set(kind, rows);
    return rows;
  };
  const server = await serveJson(({ path, query }) => {
    const [, kind = '', wanted] = path.split('/');
    if (wanted !== undefined) {
      const found = rowsOf(kind).find(({ id }) => String(id) === wanted);
      return found === undefined ? { status: 404, json: {} } : { json: found };
    }
    const since = query.get('since') ?? '';
    const until = quirks.ignoresUntil ? '9999' : (query.get('until') ?? '9999');
    const cursor = query.get('cursor') ?? '';
    const rows = rowsOf(kind)
      .filter((row) => !hidden.has(row.id) && row.updatedAt >= since && row.updatedAt <= until)
      .toSorted((left, right) => (cursorOf(left) < cursorOf(right) ? -1 : 1))
      .filter((row) => cursorOf(row) > cursor);
    const items = rows.slice(0, pageSize);
    const last = items.at(-1);
    return { json: { items, next: rows.length > pageSize && last !== undefined ? cursorOf(last) : null } };
  });
  /** Puts a row in, or in the place of the one with its id. */
  const put = (kind: string, row: ShopRow): void => {
    const rows = rowsOf(kind).filter(({ id }) => id !== row.id);
    tables.set(kind, [...rows, row]);
  };
  return { ...server, put, hidden, quirks };
};

/** The shop of one test. */
export type Shop = Awaited<ReturnType<typeof startShop>>;
