import { type Field, type RecordKind, recordKinds } from '../records/fields.ts';
import { currencySymbols, lists } from '../records/lists.ts';

/** What a column holds: dates are milliseconds in the view, and the wall clock of the user outside. */
export type ColumnKind = 'value' | 'date';

/** A table of SuiteQL: a view, its columns, and those that have a display value in `<column>__df`. */
export type Table = {
  view: string;
  columns: Readonly<Record<string, ColumnKind>>;
  labels: readonly string[];
  sql: string;
};

type Column = { name: string; sql: string; kind?: ColumnKind; label?: string };

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const json = (path: string, from = 'fields'): string => `json_extract(${from}, '$.${path}')`;

function table(name: string, columns: readonly Column[], from: string): [string, Table] {
  const view = `suiteql_${name}`;
  const told = columns.flatMap(({ name: column, sql, label }) => [
    `${sql} AS "${column}"`,
    ...(label === undefined ? [] : [`${label} AS "${column}__df"`]),
  ]);
  const kinds = columns.map(({ name: column, kind = 'value' }): [string, ColumnKind] => [column, kind]);
  const labels = columns.filter(({ label }) => label !== undefined).map(({ name: column }) => column);
  const sql = `DROP VIEW IF EXISTS ${view}; CREATE VIEW ${view} AS SELECT ${told.join(', ')} FROM ${from};`;
  return [name, { view, columns: Object.fromEntries(kinds), labels, sql }];
}

function enumSql(values: readonly { soap: string; id: string; label: string }[], path: string, part: 'id' | 'label') {
  const cases = values.map((each) => `WHEN ${quoted(each.soap)} THEN ${quoted(each[part])}`);
  return `CASE ${json(path)} ${cases.join(' ')} END`;
}

function fieldColumn(field: Field): Column[] {
  const name = field.column ?? field.name.toLowerCase();
  if (field.kind === 'rows' || field.kind === 'group' || field.name === 'lastModifiedDate') return [];
  if (field.kind === 'boolean') return [{ name, sql: `CASE ${json(field.name)} WHEN 'true' THEN 'T' ELSE 'F' END` }];
  if (field.kind === 'reference')
    return [
      {
        name,
        sql: `CAST(${json(`${field.name}.reference.id`)} AS INTEGER)`,
        label: json(`${field.name}.reference.name`),
      },
    ];
  if (field.kind === 'dateTime')
    return [{ name, kind: 'date', sql: `CAST(strftime('%s', ${json(field.name)}) AS INTEGER) * 1000` }];
  if (field.kind === 'enum')
    return [{ name, sql: enumSql(field.values, field.name, 'id'), label: enumSql(field.values, field.name, 'label') }];
  if (field.kind === 'decimal') return [{ name, sql: `CAST(${json(field.name)} AS REAL)` }];
  return [{ name, sql: json(field.name) }];
}

function recordTable(name: string, kind: RecordKind, more: readonly Column[]): [string, Table] {
  const columns: Column[] = [
    { name: 'id', sql: 'id' },
    { name: 'externalid', sql: 'external_id' },
    { name: kind.createdField.toLowerCase(), sql: 'created_at', kind: 'date' },
    { name: 'lastmodifieddate', sql: 'modified_at', kind: 'date' },
    ...more,
  ];
  const known = (column: Column): boolean => !columns.some(({ name: taken }) => taken === column.name);
  const fields = kind.fields.flatMap(fieldColumn).filter(known);
  return table(name, [...columns, ...fields], `records WHERE type = ${quoted(kind.type)}`);
}

function listTable(name: keyof typeof lists, symbols: Readonly<Record<string, string>> = {}): [string, Table] {
  const rows = lists[name].map(({ id, name: label }) => `(${id}, ${quoted(label)}, ${quoted(symbols[id] ?? '')})`);
  const columns = ['id', 'name', 'symbol'].map((column, index) => ({ name: column, sql: `column${index + 1}` }));
  return table(name, [...columns, { name: 'isinactive', sql: "'F'" }], `(VALUES ${rows.join(', ')})`);
}

const deletedTypes = Object.values(recordKinds).map(({ type, soap }) => `WHEN ${quoted(type)} THEN ${quoted(soap)}`);
const placeNames = lists.location.map(({ id, name }) => `WHEN ${id} THEN ${quoted(name)}`).join(' ');
const itemName = (id: string): string =>
  `(SELECT name FROM records WHERE type = 'inventoryItem' AND records.id = ${id})`;

const stockColumns: readonly Column[] = [
  { name: 'item', sql: 'item', label: itemName('stock.item') },
  { name: 'location', sql: 'location', label: `CASE location ${placeNames} END` },
  { name: 'quantityonhand', sql: 'on_hand' },
  { name: 'quantityavailable', sql: 'available' },
  { name: 'quantitycommitted', sql: 'committed' },
  { name: 'quantityonorder', sql: 'on_order' },
  { name: 'quantitybackordered', sql: 'back_ordered' },
  { name: 'lastquantityavailablechange', sql: 'modified_at', kind: 'date' },
];

const row = (path: string): string => json(path, 'line.value');
const real = (path: string): string => `CAST(${row(path)} AS REAL)`;

/** Lines of orders; what leaves the stock is negative at the vendor, which {@link lineSign} stands for. */
const lineSign = 'suiteql_line_sign()';

const lineColumns: readonly Column[] = [
  { name: 'transaction', sql: 'records.id' },
  { name: 'id', sql: `CAST(${row('line')} AS INTEGER)` },
  { name: 'linesequencenumber', sql: `CAST(${row('line')} AS INTEGER)` },
  { name: 'mainline', sql: "'F'" },
  { name: 'taxline', sql: "'F'" },
  { name: 'item', sql: `CAST(${row('item.reference.id')} AS INTEGER)`, label: row('item.reference.name') },
  { name: 'quantity', sql: `${real('quantity')} * ${lineSign}` },
  { name: 'rate', sql: real('rate') },
  { name: 'foreignamount', sql: `${real('amount')} * ${lineSign}` },
  { name: 'memo', sql: row('description') },
];

const priceColumns: readonly Column[] = [
  { name: 'item', sql: 'records.id' },
  { name: 'currency', sql: `CAST(${json('currency.reference.id', 'price.value')} AS INTEGER)` },
  { name: 'unitprice', sql: `CAST(${json('priceList.rows[0].value', 'price.value')} AS REAL)` },
];

/** The tables that queries can name. */
export const tables: Readonly<Record<string, Table>> = Object.fromEntries([
  recordTable('customer', recordKinds.customer, []),
  recordTable('item', recordKinds.inventoryItem, [{ name: 'itemtype', sql: "'InvtPart'" }]),
  recordTable('transaction', recordKinds.salesOrder, [{ name: 'type', sql: "'SalesOrd'" }]),
  table(
    'transactionline',
    lineColumns,
    "records, json_each(records.fields, '$.itemList.rows') AS line WHERE records.type = 'salesOrder'",
  ),
  table(
    'pricing',
    priceColumns,
    "records, json_each(records.fields, '$.pricingMatrix.rows') AS price WHERE records.type = 'inventoryItem'",
  ),
  table(
    'deletedrecord',
    [
      { name: 'recordid', sql: 'id' },
      { name: 'type', sql: `CASE type ${deletedTypes.join(' ')} END` },
      { name: 'name', sql: 'name' },
      { name: 'deleteddate', sql: 'deleted_at', kind: 'date' },
    ],
    'deleted_records',
  ),
  table('aggregateitemlocation', stockColumns, 'stock'),
  table('inventoryitemlocations', stockColumns, 'stock'),
  listTable('currency', currencySymbols),
  listTable('location'),
  listTable('subsidiary'),
]);

/** Makes the views. */
export const viewSchema = Object.values(tables)
  .map(({ sql }) => sql)
  .join('\n');
