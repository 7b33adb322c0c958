import { connectorError } from '@mortise/runtime';
import type { WireRecord } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { stateOf } from './order-state.ts';
import { query, type Row, selection, textIn } from './suite-ql.ts';
import { decimalText } from './value-text.ts';

const columns = [
  'transaction',
  'linesequencenumber',
  'item',
  'BUILTIN.DF(item) AS itemname',
  'quantity',
  'rate',
  'memo',
];

/** A sale takes units away, and SuiteQL counts them below zero. */
const negated = (quantity: unknown): unknown => {
  if (typeof quantity !== 'string' || /^-?0*(?:\.0*)?$/.test(quantity)) return quantity;
  return quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`;
};

const lineOf = ({ item, itemname, quantity, rate, memo }: Row) => ({
  item: { internalId: item, name: itemname },
  quantity: decimalText(negated(quantity)),
  rate: decimalText(rate),
  description: memo,
});

const orderOf = (row: Row): string => {
  const id = textIn(row, 'transaction');
  if (id !== undefined) return id;
  throw connectorError('unexpected-content', 'NetSuite answered a line without its order');
};

/** The lines of orders, by order. One answer may end within an order: that order is then read again. */
const linesOf = async (call: NetSuiteCall, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Row[]>> => {
  const found = new Map<string, readonly Row[]>();
  let open = ids;
  while (open.length > 0) {
    const where = ["mainline = 'F'", "taxline = 'F'", `transaction IN (${open.join(', ')})`];
    const text = selection({ columns, table: 'transactionline', where, order: 'transaction, linesequencenumber' });
    const { rows, hasMore } = await query(call, { text, limit: limits.queryRows });
    const isCut = hasMore || rows.length >= limits.queryRows;
    const cut = isCut ? textIn(rows.at(-1) ?? {}, 'transaction') : undefined;
    for (const [id, lines] of Map.groupBy(rows, orderOf)) {
      if (id !== cut) found.set(id, lines);
    }
    if (!isCut) return found;
    const rest = open.filter((id) => !found.has(id) && cut !== undefined && BigInt(id) >= BigInt(cut));
    if (rest.length === open.length) {
      throw connectorError('too-large', 'a sales order has more lines than one answer of SuiteQL holds');
    }
    open = rest;
  }
  return found;
};

/** Rows of sales orders as SOAP would have the records, with their lines. */
export const orderLines = async (call: NetSuiteCall, rows: readonly WireRecord[]): Promise<readonly WireRecord[]> => {
  const ids = rows.flatMap(({ internalId }) => (typeof internalId === 'string' ? [internalId] : []));
  const lines = await linesOf(call, ids);
  return rows.map(({ entity, currency, orderStatus, total, ...row }) => ({
    ...row,
    ...(entity !== undefined && { entity: { internalId: entity } }),
    ...(currency !== undefined && { currency: { internalId: currency } }),
    total: decimalText(total),
    orderStatus: typeof orderStatus === 'string' ? stateOf(orderStatus) : undefined,
    itemList: { item: (lines.get(String(row.internalId)) ?? []).map(lineOf) },
  }));
};
