import { connectorError } from '@mortise/runtime';

/** A record that was asked for by its id. @throws ConnectorError `not-found` where Shopify answers null. */
export const present = (record: unknown): unknown => {
  if (record !== null && record !== undefined) return record;
  throw connectorError('not-found', 'Shopify has no such record');
};

/** Refuses a field that records cannot be found by. */
export const notFindable = (field: string, known: string) =>
  connectorError('invalid-request', `records are found by ${known}, not by '${field}'`);
