import { readField } from '@mortise/runtime';
import type { WrittenRecord } from '../record-kind.ts';

const referenceOf = (value: unknown) => {
  const [id, externalId] = [readField(value, 'internalId'), readField(value, 'externalId')];
  return id === undefined ? { externalId } : { id };
};

const numberOf = (value: unknown): unknown => (typeof value === 'string' ? Number(value) : value);

const lineOf = (line: unknown) => ({
  item: referenceOf(readField(line, 'item')),
  quantity: numberOf(readField(line, 'quantity')),
  description: readField(line, 'description'),
  rate: numberOf(readField(line, 'rate')),
});

/** A sales order as the record API takes it. */
export const orderBody = ({ externalId: _key, entity, currency, itemList }: WrittenRecord) => {
  const lines = readField(itemList, 'item');
  return {
    ...(entity !== undefined && entity !== null && { entity: referenceOf(entity) }),
    ...(currency !== undefined && { currency: referenceOf(currency) }),
    ...(Array.isArray(lines) && { item: { items: lines.map(lineOf) } }),
  };
};
