import { connectorError, type ListRequest, readField } from '@mortise/runtime';
import { type FileJobState, rest } from '@mortise/runtime/rest';
import type { BulkDocument } from './bulk-documents.ts';
import { type ChildPlaces, joinedRecords, startsRecord } from './bulk-records.ts';
import { documents } from './documents.ts';
import { allOf, windowTerms } from './search.ts';
import { userErrorOf } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** What is read by a bulk operation. */
export interface Bulk {
  readonly document: BulkDocument;
  readonly places?: ChildPlaces;
  /** Whether the window is one of the root's own stamp; without it everything is read. */
  readonly isWindowed?: boolean;
  /** The connector's records of one joined record. */
  readonly fold?: (record: unknown) => readonly unknown[];
}

/** All of the shop's places for bulk operations are taken: another app's, or ours of another run. */
const full = new Set(['OPERATION_IN_PROGRESS', 'LIMIT_REACHED']);

const start = async (call: ShopifyCall, query: string): Promise<string> => {
  const { data } = await call.transports.admin.send({
    document: documents.startBulk,
    variables: { query },
    // A second one takes one of the shop's five places for a while, and harms nothing.
    effect: 'idempotent',
  });
  const payload = readField(data, 'bulkOperationRunQuery');
  const error = userErrorOf(payload);
  if (error?.vendorCode !== undefined && full.has(error.vendorCode)) {
    throw connectorError('unavailable', 'the shop runs as many bulk operations as it may', {
      vendorCode: error.vendorCode,
    });
  }
  if (error !== undefined) throw error;
  const id = readField(payload, 'bulkOperation.id');
  if (typeof id === 'string') return id;
  throw connectorError('unexpected-content', 'Shopify started a bulk operation and gave no id for it');
};

const failed = (vendorCode: unknown): FileJobState => {
  const named = typeof vendorCode === 'string' && /^[A-Z_]{1,40}$/.test(vendorCode) ? vendorCode : undefined;
  return { is: 'failed', code: named === 'ACCESS_DENIED' ? 'forbidden' : 'unavailable', vendorCode: named };
};

/** `partialDataUrl` of a failed one is left alone: a part must not pass for the whole. */
const state = async (call: ShopifyCall, id: string): Promise<FileJobState> => {
  const { data } = await call.transports.admin.send({ document: documents.bulkState, variables: { id } });
  const operation = readField(data, 'bulkOperation');
  const status = readField(operation, 'status');
  const url = readField(operation, 'url');
  switch (status) {
    case 'COMPLETED':
      return {
        is: 'done',
        count: Number(readField(operation, 'objectCount')),
        file: typeof url === 'string' ? { method: 'GET', path: url } : undefined,
      };
    case 'CREATED':
    case 'RUNNING':
    case 'CANCELING':
      return { is: 'running' };
    case 'FAILED':
      return failed(readField(operation, 'errorCode'));
    case 'CANCELED':
      return failed(status);
    default:
      return { is: 'gone' };
  }
};

/**
 * Makes a `backfill` by a bulk operation: Shopify writes all records to a file, at no cost of points, and keeps it for
 * seven days.
 * @see https://shopify.dev/docs/api/usage/bulk-operations/queries
 */
export const bulkBackfill = ({ document, places = {}, isWindowed = true, fold = (record) => [record] }: Bulk) =>
  rest.over('files').backfill<ShopifyCall>({
    start: (call, request: ListRequest) =>
      start(call, document(isWindowed ? (allOf(windowTerms('updated_at', request)) ?? '') : '')),
    state,
    startsRecord,
    records: (lines) => joinedRecords(lines, places).flatMap(fold),
  });
