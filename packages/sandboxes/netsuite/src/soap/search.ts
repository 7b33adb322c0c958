import { type RecordKind, recordKinds } from '../records/fields.ts';
import { allOf, countRecords, selectRecords } from '../records/table.ts';
import type { NetSuiteSettings } from '../settings.ts';
import type { RecordType } from '../types.ts';
import { child, childText, type XmlElement } from '../xml/tree.ts';
import { node, type XmlContent, type XmlNode } from '../xml/write.ts';
import { type Operation, permissionFor, preference, requirePermission, type SoapCall, status } from './call.ts';
import { conditionsOf } from './criteria.ts';
import { schemaFailure } from './fault.ts';
import type { NamespacePrefix } from './namespaces.ts';
import { recordXml } from './record-xml.ts';
import { rowXml } from './search-rows.ts';
import { keepSearch, type Search, useSearch } from './searches.ts';

const searchable: Readonly<Record<string, { kind: RecordKind; prefix: NamespacePrefix }>> = {
  Customer: { kind: recordKinds.customer, prefix: 'listRel' },
  Item: { kind: recordKinds.inventoryItem, prefix: 'listAcct' },
  Transaction: { kind: recordKinds.salesOrder, prefix: 'tranSales' },
};

type Asked = { kind: RecordKind; basic: XmlElement | undefined; columns: readonly string[] | undefined };

function columnsOf(record: XmlElement): string[] | undefined {
  const columns = child(child(record, 'columns'), 'basic');
  return columns?.children.map(({ name }) => name);
}

/** Reads `searchRecord`: a basic, a joined (its basic part alone) or an advanced search. Throws a fault. */
function askedOf(record: XmlElement | undefined, { namespaces }: SoapCall): Asked {
  const [, subject = '', form] =
    /^(Customer|Item|Transaction)Search(Basic|Advanced)?$/.exec(record?.type?.name ?? '') ?? [];
  const found = Object.hasOwn(searchable, subject) ? searchable[subject] : undefined;
  if (record === undefined || found === undefined)
    throw schemaFailure('searchRecord needs the xsi:type of a customer, item or transaction search');
  const home = form === 'Basic' ? namespaces.platformCommon : namespaces[found.prefix];
  if (record.type?.namespace !== home) throw schemaFailure(`the xsi:type of searchRecord is not in ${home}`);
  const { kind } = found;
  if (form === 'Basic') return { kind, basic: record, columns: undefined };
  if (form === undefined) return { kind, basic: child(record, 'basic'), columns: undefined };
  if (record.attributes.savedSearchId !== undefined)
    throw schemaFailure('saved searches are not kept by this stand-in');
  return { kind, basic: child(child(record, 'criteria'), 'basic'), columns: columnsOf(record) };
}

function orderOf(type: RecordType, { searchOrder, tieOrder }: NetSuiteSettings): string {
  const ties = `id${tieOrder === 'descending' ? ' DESC' : ''}`;
  if (searchOrder === 'internalId') return 'id';
  if (searchOrder === 'lastModifiedDate') return `modified_at, ${ties}`;
  return type === 'salesOrder' ? `created_at, ${ties}` : `name, ${ties}`;
}

function listXml(search: Search, { offset, call }: { offset: number; call: SoapCall }): XmlNode {
  const { state, database } = call.context;
  const page = { order: orderOf(search.type, state.settings), limit: search.pageSize, offset };
  const records = selectRecords(database, search.condition, page);
  const { columns } = search;
  if (columns !== undefined && preference(call, 'searchPreferences', 'returnSearchColumns') !== 'false')
    return node('platformCore:searchRowList', ...records.map((record) => rowXml(record, columns, state.settings)));
  const bodyFieldsOnly = preference(call, 'searchPreferences', 'bodyFieldsOnly') !== 'false';
  const options = { settings: state.settings, bodyFieldsOnly };
  return node('platformCore:recordList', ...records.map((record) => recordXml('platformCore:record', record, options)));
}

/** One page. The search runs now: what changed since the page before has moved or is gone from it. */
function resultXml(search: Search, { pageIndex, call }: { pageIndex: number; call: SoapCall }): XmlNode {
  const total = countRecords(call.context.database, search.condition);
  const { pageSize } = search;
  return node(
    'platformCore:searchResult',
    status(),
    node('platformCore:totalRecords', String(total)),
    node('platformCore:pageSize', String(pageSize)),
    node('platformCore:totalPages', String(Math.ceil(total / pageSize))),
    node('platformCore:pageIndex', String(pageIndex)),
    node('platformCore:searchId', search.id),
    listXml(search, { offset: (pageIndex - 1) * pageSize, call }),
  );
}

const failed = (code: string, message: string): XmlContent[] => [
  node('platformCore:searchResult', status({ code, message })),
];

/** `search`: the first page, and an id for the others. */
export const search: Operation = (request, call) => {
  const { settings } = call.context.state;
  const { kind, basic, columns } = askedOf(child(request, 'searchRecord'), call);
  requirePermission(call, permissionFor(kind, 'view'));
  const size = Number(preference(call, 'searchPreferences', 'pageSize') ?? settings.defaultPageSize);
  if (!(size >= settings.minPageSize && size <= settings.maxPageSize))
    return failed('USER_ERROR', `The page size must be from ${settings.minPageSize} to ${settings.maxPageSize}.`);
  const condition = allOf(conditionsOf(basic, { kind, offsetHours: settings.soapOffsetHours }));
  const kept = keepSearch({ type: kind.type, condition, pageSize: size, columns }, call);
  return [resultXml(kept, { pageIndex: 1, call })];
};

/** `searchMoreWithId`: any page of a search that was used within the last minutes. */
export const searchMoreWithId: Operation = (request, call) => {
  const found = useSearch(childText(request, 'searchId') ?? '', call);
  const pageIndex = Number(childText(request, 'pageIndex'));
  if (found === undefined)
    return failed(call.context.state.settings.searchGoneCode, 'The searchId is invalid or has expired.');
  if (!Number.isInteger(pageIndex) || pageIndex < 1) return failed('USER_ERROR', 'Page indexes begin with 1.');
  requirePermission(call, permissionFor(recordKinds[found.type], 'view'));
  return [resultXml(found, { pageIndex, call })];
};
