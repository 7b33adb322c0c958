import { connectorError, type DeletionPage, type ListRequest } from '@mortise/runtime';
import type { RecordKind } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { getDeleted } from './operations.ts';

/** Where a list of deletions stands: its page, and the end of its window, Unix milliseconds. */
interface Position {
  readonly page: number;
  readonly until: number;
}

const positionOf = (cursor: string): Position => {
  const [, page, until] = /^(\d{1,9})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (page !== undefined) return { page: Number(page), until: Number(until) };
  throw connectorError('invalid-request', 'the cursor is not one of a list of deletions: start without it');
};

/**
 * Ids of deleted records by the time of their deletion. NetSuite keeps them for good, and the window ends in the past:
 * so nothing moves from page to page.
 */
export async function* listDeleted(
  call: NetSuiteCall,
  { soap: { deletedType } }: RecordKind,
  { since, until, cursor }: ListRequest,
): AsyncGenerator<DeletionPage> {
  const start = cursor === undefined ? { page: 1, until: until?.getTime() ?? call.now() } : positionOf(cursor);
  const to = new Date(start.until).toISOString();
  const deletedDate =
    since === undefined
      ? { operator: 'onOrBefore', searchValue: to }
      : { operator: 'within', searchValue: since.toISOString(), searchValue2: to };
  const getDeletedFilter = { deletedDate, type: { operator: 'anyOf', searchValue: [deletedType] } };
  for (let page = start.page; ; page += 1) {
    const { body } = await call.transports.soap.send({
      operation: getDeleted,
      body: { getDeletedFilter, pageIndex: page },
    });
    const { totalPages = 0, totalRecords = 0, deletedRecordList } = body.getDeletedResult;
    const ids = (deletedRecordList?.deletedRecord ?? []).flatMap(({ record }) => record?.internalId ?? []);
    const isLast = page >= totalPages;
    if (ids.length === 0 && totalRecords > 0 && page <= totalPages) {
      throw connectorError('truncated', 'NetSuite counted deleted records and answered none');
    }
    yield { ids, ...(!isLast && { next: `${page + 1}.${start.until}` }) };
    if (isLast) return;
  }
}
