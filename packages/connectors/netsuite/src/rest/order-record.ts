import { connectorError, readField } from '@mortise/runtime';
import type { WireRecord } from '../record-kind.ts';
import { stateOf } from './order-state.ts';
import { decimalText, textOf } from './value-text.ts';

/** A reference as SuiteQL's rows have it: by its id alone. */
const referenceOf = (value: unknown): { readonly internalId: unknown } | undefined =>
  value === undefined || value === null ? undefined : { internalId: textOf(readField(value, 'id')) };

const lineOf = (line: unknown) => ({
  item: { internalId: textOf(readField(line, 'item.id')), name: textOf(readField(line, 'item.refName')) },
  quantity: decimalText(readField(line, 'quantity')),
  rate: decimalText(readField(line, 'rate')),
  description: textOf(readField(line, 'description')),
});

/** The lines, all of them: a part of them would read as if the others were gone. */
const linesOf = (sublist: unknown): readonly unknown[] => {
  const [items, total] = [readField(sublist, 'items'), readField(sublist, 'totalResults')];
  if (!Array.isArray(items)) throw connectorError('unexpected-content', 'NetSuite answered an order without its lines');
  if (readField(sublist, 'hasMore') === true || (total !== undefined && Number(total) !== items.length)) {
    throw connectorError('truncated', 'NetSuite answered fewer or more lines of an order than it counted');
  }
  return items;
};

/** What SuiteQL spreads over an order and its lines, out of the record API's body. @throws ConnectorError */
export const orderRecord = (body: unknown): WireRecord => {
  const [entity, currency] = [referenceOf(readField(body, 'entity')), referenceOf(readField(body, 'currency'))];
  const status = textOf(readField(body, 'orderStatus.id'));
  return {
    ...(entity !== undefined && { entity }),
    ...(currency !== undefined && { currency }),
    total: decimalText(readField(body, 'total')),
    orderStatus: typeof status === 'string' ? stateOf(status) : undefined,
    itemList: { item: linesOf(readField(body, 'item')).map(lineOf) },
  };
};
