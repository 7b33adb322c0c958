import { connectorError, readField } from '@mortise/runtime';
import type { RecordKind, WireRecord } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { textOf } from './value-text.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record of the record API as a row of SuiteQL would be read: the same fields, and no others. */
const wireOf = ({ rest }: RecordKind, body: Readonly<Record<string, unknown>>): WireRecord => {
  const { columns, stamps, switches = {}, spread = () => ({}) } = rest;
  const fields = Object.keys({ ...columns, ...stamps, ...switches }).flatMap((field) => {
    const value = textOf(body[field]);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    internalId: textOf(body.id),
    externalId: textOf(body.externalId),
    ...Object.fromEntries(fields),
    ...spread(body),
  };
};

/**
 * One record as it is now, by its id or `eid:` and its external id. The record API is no index: it shows a save as soon
 * as it was answered. @throws ConnectorError
 */
export const readRecord = async (
  call: NetSuiteCall,
  kind: RecordKind,
  { key }: { readonly key: string },
): Promise<unknown> => {
  const { body } = await call.transports.rest.send({
    method: 'GET',
    path: `record/v1/${kind.rest.path}/{key}`,
    parameters: { key },
    query: { expandSubResources: true },
  });
  if (!isObject(body) || readField(body, 'id') === undefined) {
    throw connectorError('unexpected-content', 'the answer is not a record of the documented form');
  }
  const { read = (record: unknown) => record } = kind;
  return read(wireOf(kind, body), call.settings);
};
