import type { NamespacePrefix } from '../soap/namespaces.ts';
import type { RecordType } from '../types.ts';
import { countries, type EnumValue, type ListName, orderStates } from './lists.ts';

/** What a field holds. `target` is a record type or a list of the account. */
export type FieldKind =
  | { kind: 'text' | 'boolean' | 'decimal' | 'integer' | 'dateTime' }
  | { kind: 'enum'; values: readonly EnumValue[] }
  | { kind: 'reference'; target: RecordType | ListName }
  | { kind: 'group'; fields: readonly Field[]; prefix: NamespacePrefix }
  | { kind: 'rows'; row: string; fields: readonly Field[]; rest: string };

/** A field: its SOAP name, which REST shares but for sublists; lower case it is SuiteQL's column, unless told. */
export type Field = FieldKind & {
  name: string;
  column?: string;
  maxLength?: number;
  readOnly?: boolean;
  rest?: string;
};

/** A record type as the vendor knows it. Fields stand in the order of the vendor's schema. */
export type RecordKind = {
  type: RecordType;
  prefix: NamespacePrefix;
  /** Name of the SOAP type. */
  soap: string;
  label: string;
  /** Field that people know a record by; unique within its type. */
  nameField: string;
  createdField: string;
  fields: readonly Field[];
  /** Fields that a new record needs, with the names that the vendor's message tells. */
  required: Readonly<Record<string, string>>;
};

const text = (name: string, maxLength = 300): Field => ({ name, kind: 'text', maxLength });
const of = (name: string, kind: 'boolean' | 'decimal' | 'integer' | 'dateTime'): Field => ({ name, kind });
const refer = (name: string, target: RecordType | ListName): Field => ({ name, kind: 'reference', target });
const readOnly = (field: Field, column?: string): Field => ({
  ...field,
  readOnly: true,
  ...(column === undefined ? {} : { column }),
});

const address: readonly Field[] = [
  { name: 'country', kind: 'enum', values: countries },
  text('attention', 150),
  text('addressee', 150),
  text('addrPhone', 100),
  text('addr1', 150),
  text('addr2', 150),
  text('city', 50),
  text('state', 30),
  text('zip', 36),
];

const customer: RecordKind = {
  type: 'customer',
  prefix: 'listRel',
  soap: 'Customer',
  label: 'Customer',
  nameField: 'entityId',
  createdField: 'dateCreated',
  required: {},
  fields: [
    text('entityId', 83),
    text('altName', 83),
    of('isPerson', 'boolean'),
    text('salutation', 30),
    text('firstName', 32),
    text('middleName', 32),
    text('lastName', 32),
    text('companyName', 83),
    text('phone', 32),
    text('fax', 32),
    text('email', 254),
    text('url', 999),
    of('isInactive', 'boolean'),
    text('title', 99),
    text('altPhone', 32),
    text('mobilePhone', 32),
    text('comments', 4000),
    readOnly(of('dateCreated', 'dateTime')),
    refer('subsidiary', 'subsidiary'),
    refer('currency', 'currency'),
    readOnly(of('lastModifiedDate', 'dateTime')),
    {
      name: 'addressbookList',
      kind: 'rows',
      row: 'addressbook',
      rest: 'addressBook',
      fields: [
        of('defaultShipping', 'boolean'),
        of('defaultBilling', 'boolean'),
        text('label', 50),
        {
          name: 'addressbookAddress',
          rest: 'addressBookAddress',
          kind: 'group',
          prefix: 'platformCommon',
          fields: address,
        },
        readOnly(text('internalId')),
      ],
    },
  ],
};

const inventoryItem: RecordKind = {
  type: 'inventoryItem',
  prefix: 'listAcct',
  soap: 'InventoryItem',
  label: 'Inventory Item',
  nameField: 'itemId',
  createdField: 'createdDate',
  required: { itemId: 'Item Name/Number' },
  fields: [
    readOnly(of('createdDate', 'dateTime')),
    readOnly(of('lastModifiedDate', 'dateTime')),
    of('cost', 'decimal'),
    readOnly(of('averageCost', 'decimal')),
    { name: 'salesDescription', kind: 'text', maxLength: 4000, column: 'description' },
    text('upcCode', 100),
    text('itemId', 60),
    text('displayName', 60),
    text('vendorName', 60),
    of('isInactive', 'boolean'),
    of('isOnline', 'boolean'),
    of('weight', 'decimal'),
    {
      name: 'pricingMatrix',
      kind: 'rows',
      row: 'pricing',
      rest: 'price',
      fields: [
        refer('currency', 'currency'),
        {
          name: 'priceList',
          kind: 'rows',
          row: 'price',
          rest: 'priceList',
          fields: [of('value', 'decimal'), of('quantity', 'decimal')],
        },
      ],
    },
  ],
};

const salesOrder: RecordKind = {
  type: 'salesOrder',
  prefix: 'tranSales',
  soap: 'SalesOrder',
  label: 'Sales Order',
  nameField: 'tranId',
  createdField: 'createdDate',
  required: { entity: 'Customer', itemList: 'Items' },
  fields: [
    readOnly(of('createdDate', 'dateTime')),
    refer('entity', 'customer'),
    refer('currency', 'currency'),
    of('tranDate', 'dateTime'),
    text('tranId', 45),
    { name: 'orderStatus', kind: 'enum', values: orderStates, column: 'status' },
    text('otherRefNum', 45),
    text('memo', 999),
    text('email', 254),
    of('shippingCost', 'decimal'),
    readOnly(of('subTotal', 'decimal')),
    of('taxTotal', 'decimal'),
    readOnly(of('total', 'decimal'), 'foreigntotal'),
    refer('location', 'location'),
    refer('subsidiary', 'subsidiary'),
    readOnly({ name: 'status', kind: 'text', column: 'statuslabel' }),
    readOnly(of('lastModifiedDate', 'dateTime')),
    {
      name: 'itemList',
      kind: 'rows',
      row: 'item',
      rest: 'item',
      fields: [
        refer('item', 'inventoryItem'),
        of('quantity', 'decimal'),
        text('description', 4000),
        of('rate', 'decimal'),
        of('amount', 'decimal'),
        of('line', 'integer'),
      ],
    },
  ],
};

/** The record types, by name. */
export const recordKinds: Readonly<Record<RecordType, RecordKind>> = { customer, inventoryItem, salesOrder };

/** The record type of this name; undefined when it is not kept. */
export function recordKind(name: string | undefined): RecordKind | undefined {
  return Object.values(recordKinds).find(({ type }) => type === name);
}
