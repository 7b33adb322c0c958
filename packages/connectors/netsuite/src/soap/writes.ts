import { type ConnectorError, connectorError, type ItemOutcome, isConnectorError } from '@mortise/runtime';
import { checkedId } from '../internal-id.ts';
import { placed, prepared, writtenNotRead } from '../outcomes.ts';
import type { RecordKind, WrittenRecord } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { deleteList, referenceType, type WriteResponse, writtenType } from './operations.ts';
import { readBack } from './read-back.ts';
import type { SoapRecords } from './records.ts';
import { statusMeaning } from './status.ts';

/** A record's fields: texts as SOAP has them, and the names of those that are to be empty. */
const elementsOf = ({ soap: { type, namespace, fields } }: RecordKind, record: WrittenRecord) => {
  const given = fields.filter((name) => record[name] !== undefined);
  const empty = given.filter((name) => record[name] === null || record[name] === '');
  const filled = given.filter((name) => !empty.includes(name)).map((name) => [name, record[name]]);
  return {
    is: writtenType(namespace, type),
    ...(empty.length > 0 && { nullFieldList: { name: empty } }),
    ...Object.fromEntries(filled),
  };
};

const refusal = ({ status }: WriteResponse, message: string): ConnectorError | undefined => {
  const meaning = statusMeaning(status);
  if (meaning === undefined) return undefined;
  const { code, vendorCode, permissions } = meaning;
  return connectorError(code, message, { vendorCode, permissions });
};

/** Upserts at most 100 records by external id; outcomes in the order given. @throws ConnectorError */
export const upsertRecords = async (
  call: NetSuiteCall,
  records: SoapRecords,
  given: readonly WrittenRecord[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const { ready, failed } = prepared(records.kind, { call, given });
  if (ready.length === 0) return placed(given, { failed });
  const record = ready.map(({ record: each }) => ({ ...elementsOf(records.kind, each), externalId: each.externalId }));
  const { body } = await call.transports.soap.send({ operation: records.operations.upsertList, body: { record } });
  const { writeResponse } = body.writeResponseList;
  if (writeResponse.length !== ready.length) {
    throw connectorError('truncated', 'NetSuite answered for fewer or more records than it was given');
  }
  const saved: { readonly index: number; readonly id: string }[] = [];
  for (const [place, { index }] of ready.entries()) {
    const response = writeResponse[place];
    const error = response === undefined ? undefined : refusal(response, 'NetSuite refused the record');
    const id = response?.baseRef?.internalId;
    if (error !== undefined) failed.set(index, error);
    else if (id === undefined) failed.set(index, writtenNotRead());
    else saved.push({ index, id });
  }
  return placed(given, { failed, read: await readSaved(call, records, saved) });
};

/** What was saved, read back: an answer to a write holds ids alone. */
const readSaved = async (
  call: NetSuiteCall,
  records: SoapRecords,
  saved: readonly { readonly index: number; readonly id: string }[],
): Promise<ReadonlyMap<number, unknown>> => {
  try {
    const read = await readBack(
      call,
      records,
      saved.map(({ id }) => id),
    );
    return new Map(
      saved.flatMap(({ index }, place) => {
        const record = read[place]?.record;
        return record === undefined ? [] : [[index, record] as const];
      }),
    );
  } catch (thrown) {
    // The records are written: to fail as a whole would invite whoever called to write them again.
    if (isConnectorError(thrown)) return new Map();
    throw thrown;
  }
};

/** Changes the given fields of one record, and reads it back. @throws ConnectorError */
export const updateRecord = async (
  call: NetSuiteCall,
  records: SoapRecords,
  { id, change }: { readonly id: string; readonly change: WrittenRecord },
): Promise<unknown> => {
  const internalId = checkedId(id);
  const { kind, operations } = records;
  const record = [{ ...elementsOf(kind, kind.changed?.(change, call.settings) ?? change), internalId }];
  const { body } = await call.transports.soap.send({ operation: operations.updateList, body: { record } });
  const [response] = body.writeResponseList.writeResponse;
  if (response === undefined) throw connectorError('unknown-outcome', 'NetSuite answered nothing about the record');
  const error = refusal(response, 'NetSuite refused the change');
  if (error !== undefined) throw error;
  const [read] = await readBack(call, records, [internalId]);
  if (read?.record === undefined) throw writtenNotRead();
  return read.record;
};

/** Removes one record; one that is gone already is removed. @throws ConnectorError */
export const removeRecord = async (call: NetSuiteCall, { soap }: RecordKind, id: string): Promise<void> => {
  const baseRef = [{ is: referenceType, internalId: checkedId(id), type: soap.reference }];
  const { body } = await call.transports.soap.send({ operation: deleteList, body: { baseRef } });
  const [response] = body.writeResponseList.writeResponse;
  if (response === undefined) throw connectorError('unknown-outcome', 'NetSuite answered nothing about the record');
  const error = refusal(response, 'NetSuite refused to remove the record');
  if (error !== undefined && error.code !== 'not-found') throw error;
};
