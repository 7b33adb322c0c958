import { countDeleted, selectDeleted } from '../records/deleted.ts';
import { allOf, type Condition } from '../records/table.ts';
import type { DeletedRecord } from '../types.ts';
import { child, childrenOf, childText, type XmlElement } from '../xml/tree.ts';
import { node, withAttributes, type XmlNode } from '../xml/write.ts';
import { type Operation, requirePermission, status } from './call.ts';
import { dateCondition } from './criteria.ts';
import { soapStamp } from './stamps.ts';

function typeCondition(type: XmlElement): Condition {
  // The vendor's record types are those of references; its search enumeration begins with an underscore.
  const names = childrenOf(type, 'searchValue').map(({ text }) => text.trim().replace(/^_/, ''));
  const known = type.attributes.operator === 'noneOf' ? 'NOT IN' : 'IN';
  return { sql: `type ${known} (${names.map(() => '?').join(', ')})`, values: names };
}

function deletedXml({ type, id, externalId, name, deletedAt }: DeletedRecord, offsetHours: number): XmlNode {
  const record = withAttributes(node('platformCore:record', node('platformCore:name', name)), {
    internalId: id,
    externalId: externalId ?? undefined,
    type,
    'xsi:type': 'platformCore:RecordRef',
  });
  const stamp = node('platformCore:deletedDate', soapStamp(deletedAt, offsetHours));
  return node('platformCore:deletedRecord', stamp, record);
}

/** `getDeleted`: a page of what was deleted, kept without end. */
export const getDeleted: Operation = (request, call) => {
  requirePermission(call, 'deletedRecords:view');
  const { settings } = call.context.state;
  const filter = child(request, 'getDeletedFilter');
  const [deletedDate, type] = [child(filter, 'deletedDate'), child(filter, 'type')];
  const condition = allOf([
    ...(deletedDate === undefined ? [] : [dateCondition('deleted_at', deletedDate, settings.soapOffsetHours)]),
    ...(type === undefined ? [] : [typeCondition(type)]),
  ]);
  const pageIndex = Math.max(1, Number(childText(request, 'pageIndex') ?? 1));
  const { deletedPageSize: limit } = settings;
  const total = countDeleted(call.context.database, condition);
  const rows = selectDeleted(call.context.database, condition, { limit, offset: (pageIndex - 1) * limit });
  const list = rows.map((row) => deletedXml(row, settings.soapOffsetHours));
  return [
    node(
      'platformCore:getDeletedResult',
      status(),
      node('platformCore:totalRecords', String(total)),
      node('platformCore:pageSize', String(limit)),
      node('platformCore:totalPages', String(Math.ceil(total / limit))),
      node('platformCore:pageIndex', String(pageIndex)),
      node('platformCore:deletedRecordList', ...list),
    ),
  ];
};
