import { connectorError, type DeletionPage, type ListRequest } from '@mortise/runtime';
import { cursorBehind, idOfCursor } from '../internal-id.ts';
import type { RecordKind } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { query, quoted, type Row, selection, textIn, utcCondition } from './suite-ql.ts';

const deletedId = (row: Row): string => {
  const id = textIn(row, 'recordid');
  if (id !== undefined) return id;
  throw connectorError('unexpected-content', 'NetSuite told of a deleted record without its id');
};

/** Ids of deleted records, by id: NetSuite keeps them for good and gives no id twice. */
export async function* listDeleted(
  call: NetSuiteCall,
  { rest: { deletedType } }: RecordKind,
  { since, until, cursor }: ListRequest,
): AsyncGenerator<DeletionPage> {
  const window = [
    `LOWER(type) = ${quoted(deletedType)}`,
    ...(since === undefined ? [] : [utcCondition('deleteddate', { from: since })]),
    ...(until === undefined ? [] : [utcCondition('deleteddate', { to: until })]),
  ];
  let behind = idOfCursor(cursor);
  for (;;) {
    const where = behind === undefined ? window : [...window, `recordid > ${behind}`];
    const text = selection({ columns: ['recordid'], table: 'deletedrecord', where, order: 'recordid' });
    const { rows, hasMore } = await query(call, { text, limit: limits.queryRows });
    const ids = rows.map(deletedId);
    const last = ids.at(-1);
    if (!hasMore && rows.length < limits.queryRows) {
      yield { ids };
      return;
    }
    if (last === undefined || !/^\d{1,19}$/.test(last) || (behind !== undefined && BigInt(last) <= behind)) {
      throw connectorError('unexpected-content', 'a page of the query does not lead on by its ids');
    }
    behind = BigInt(last);
    yield { ids, next: cursorBehind(behind) };
  }
}
