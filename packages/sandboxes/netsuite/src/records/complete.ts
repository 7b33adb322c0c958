import type { Context, FieldRow, FieldValue, Reference, StoredRecord } from '../types.ts';
import { isDecimal, product, sum } from './decimal.ts';
import { RecordFailure } from './failure.ts';
import { type Field, type RecordKind, recordKinds } from './fields.ts';
import { lists, orderStates } from './lists.ts';
import { findRecord, nameOf } from './table.ts';

const refused = (field: Field, message: string): RecordFailure =>
  new RecordFailure('USER_ERROR', message, { path: field.name });

type Target = Extract<Field, { kind: 'reference' }>['target'];

function nameIn(target: Target, { id }: Reference, { state }: Context): string | undefined {
  if (target === 'customer' || target === 'inventoryItem' || target === 'salesOrder') {
    const found = findRecord(state.database, target, { key: { id } });
    return found && nameOf(found);
  }
  return lists[target].find((entry) => entry.id === id)?.name;
}

function checkedText(field: Field, value: string): string {
  if (field.maxLength !== undefined && value.length > field.maxLength)
    throw refused(
      field,
      `The field ${field.name} contained more than the maximum number ( ${field.maxLength} ) of characters allowed.`,
    );
  const bad =
    (field.kind === 'decimal' && !isDecimal(value)) ||
    (field.kind === 'integer' && !/^\d{1,15}$/.test(value)) ||
    (field.kind === 'boolean' && value !== 'true' && value !== 'false') ||
    (field.kind === 'dateTime' && Number.isNaN(Date.parse(value))) ||
    (field.kind === 'enum' && !field.values.some(({ soap }) => soap === value));
  if (bad)
    throw new RecordFailure(
      'INVALID_FLD_VALUE',
      `You have entered an Invalid Field Value for the following field: ${field.name}`,
      { path: field.name },
    );
  return value;
}

function checked(field: Field, value: FieldValue, context: Context): FieldValue {
  if (typeof value === 'string') return checkedText(field, value);
  if ('rows' in value && field.kind === 'rows')
    return { rows: value.rows.map((row) => checkedRow(field.fields, row, context)) };
  if ('group' in value && field.kind === 'group') return { group: checkedRow(field.fields, value.group, context) };
  if (!('reference' in value) || field.kind !== 'reference')
    throw refused(field, `The field ${field.name} has a value of the wrong kind.`);
  const { id } = value.reference;
  const name = nameIn(field.target, value.reference, context);
  if (name === undefined)
    throw new RecordFailure('INVALID_KEY_OR_REF', `Invalid ${field.name} reference key ${id}.`, { path: field.name });
  return { reference: { id, name } };
}

function checkedRow(fields: readonly Field[], row: FieldRow, context: Context): FieldRow {
  const known = fields.filter(({ name }) => row[name] !== undefined);
  return Object.fromEntries(known.map((field) => [field.name, checked(field, row[field.name] ?? '', context)]));
}

function requireFields({ required }: RecordKind, fields: FieldRow): void {
  const labels = Object.entries(required).filter(([name]) => {
    const value = fields[name];
    return value === undefined || (typeof value === 'object' && 'rows' in value && value.rows.length === 0);
  });
  if (labels.length === 0) return;
  const names = labels.map(([, label]) => label).join(', ');
  throw new RecordFailure('USER_ERROR', `Please enter value(s) for: ${names}`, { path: labels[0]?.[0] ?? '' });
}

const textOf = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '');

function completeCustomer(fields: FieldRow): FieldRow {
  const person = [textOf(fields.firstName), textOf(fields.lastName)].filter((part) => part !== '').join(' ');
  const isPerson = textOf(fields.isPerson) === 'true';
  const name = isPerson ? person : textOf(fields.companyName);
  if (name === '')
    throw new RecordFailure('USER_ERROR', `Please enter value(s) for: ${isPerson ? 'Name' : 'Company Name'}`, {
      path: isPerson ? 'lastName' : 'companyName',
    });
  return { isInactive: 'false', isPerson: String(isPerson), entityId: name, ...fields, altName: name };
}

function completeLine(row: FieldRow, index: number): FieldRow {
  if (row.item === undefined)
    throw new RecordFailure('USER_ERROR', 'Please choose an item to add', { path: 'itemList' });
  const quantity = textOf(row.quantity) || '1';
  const rate = textOf(row.rate) || '0';
  return { ...row, quantity, rate, amount: textOf(row.amount) || product(quantity, rate), line: String(index + 1) };
}

function completeOrder(record: StoredRecord, fields: FieldRow): FieldRow {
  const list = fields.itemList;
  const rows = (typeof list === 'object' && 'rows' in list ? list.rows : []).map(completeLine);
  const subTotal = sum(rows.map((row) => textOf(row.amount)));
  const orderStatus = textOf(fields.orderStatus) || '_pendingFulfillment';
  return {
    tranId: `SO${record.id}`,
    tranDate: new Date(record.createdAt).toISOString(),
    currency: { reference: { id: '1', name: 'US Dollar' } },
    ...fields,
    orderStatus,
    status: orderStates.find(({ soap }) => soap === orderStatus)?.label ?? '',
    itemList: { rows },
    subTotal,
    total: sum([subTotal, textOf(fields.taxTotal) || '0', textOf(fields.shippingCost) || '0']),
  };
}

/** Checks a record's fields and fills what the vendor computes. Throws a {@link RecordFailure} for what it refuses. */
export function completeRecord(record: StoredRecord, context: Context): FieldRow {
  const kind = recordKinds[record.type];
  const known = Object.keys(record.fields).find((name) => !kind.fields.some((field) => field.name === name));
  if (known !== undefined) throw new RecordFailure('INVALID_FLD_VALUE', `Unknown field ${known}.`, { path: known });
  const fields = checkedRow(kind.fields, record.fields, context);
  requireFields(kind, fields);
  if (record.type === 'salesOrder') return completeOrder(record, fields);
  if (record.type === 'customer') return completeCustomer(fields);
  return { isInactive: 'false', isOnline: 'false', ...fields };
}
