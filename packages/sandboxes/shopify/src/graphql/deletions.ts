import { gid, instant } from '../records/gid.ts';
import type { ShopifyState } from '../state.ts';
import type { PageArguments } from './connection.ts';
import type { Resolved } from './objects.ts';
import { readTerms } from './search-terms.ts';

/** Deletions of products, which are the only ones that Shopify lists. By number; `occurred_at` can be searched. */
export const deletionPage = ({ database }: ShopifyState, { first, after, query }: PageArguments): Resolved => {
  const size = first ?? 0;
  const bounds = readTerms(query ?? '').terms.filter(({ field }) => field === 'occurred_at');
  const where = ['number > ?', "type = 'Product'", ...bounds.map(({ comparator }) => `at ${comparator} ?`)];
  const sql = `SELECT number, type, id, at FROM deletions WHERE ${where.join(' AND ')} ORDER BY number LIMIT ?`;
  const values = [Number(after ?? 0), ...bounds.map(({ value }) => Date.parse(value)), size + 1];
  const rows = database.statement(sql).all(...values);
  const kept = rows.slice(0, size);
  return {
    nodes: kept.map(({ type, id, at }) => ({
      subjectId: gid(String(type), String(id)),
      occurredAt: instant(Number(at)),
    })),
    pageInfo: { hasNextPage: rows.length > size, endCursor: kept.length === 0 ? null : String(kept.at(-1)?.number) },
  };
};
