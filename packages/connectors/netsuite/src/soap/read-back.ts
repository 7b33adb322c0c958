import { connectorError } from '@mortise/runtime';
import type { NetSuiteCall } from '../vendor.ts';
import { referenceType } from './operations.ts';
import type { SoapRecords } from './records.ts';
import type { Status } from './status.ts';

/** A record as getList answers it: with its own status. */
export interface ReadRecord {
  readonly status: Status;
  readonly record: unknown;
}

/** Reads records by their ids, in the order given. */
export const readBack = async (
  call: NetSuiteCall,
  { kind, operations }: SoapRecords,
  ids: readonly string[],
): Promise<readonly ReadRecord[]> => {
  if (ids.length === 0) return [];
  const baseRef = ids.map((internalId) => ({ is: referenceType, internalId, type: kind.soap.reference }));
  const { body } = await call.transports.soap.send({ operation: operations.getList, body: { baseRef } });
  const { readResponse } = body.readResponseList;
  if (readResponse.length !== ids.length) {
    throw connectorError('truncated', 'NetSuite answered for fewer or more records than were asked for');
  }
  const { read = (record: unknown) => record } = kind;
  return readResponse.map(({ status, record }) => ({
    status,
    record: record === undefined || record === null ? undefined : read(record, call.settings),
  }));
};
