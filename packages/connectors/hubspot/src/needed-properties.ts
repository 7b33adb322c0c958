import type { ObjectType } from './object-kind.ts';

/** A property that upserts need and that HubSpot does not have by itself. */
export interface NeededProperty {
  readonly type: ObjectType;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Group of the property in HubSpot's own pages. */
  readonly group: string;
  /** Whether no two objects may share a value. Cannot be changed after creation. */
  readonly unique: boolean;
}

/** All of them. `prepare` creates those that an account lacks. */
export const neededProperties: readonly NeededProperty[] = [
  {
    type: 'companies',
    name: 'mortise_key',
    label: 'Mortise key',
    description: 'Domain by which Mortise finds the company.',
    group: 'companyinformation',
    unique: true,
  },
  {
    type: 'products',
    name: 'mortise_key',
    label: 'Mortise key',
    description: 'SKU by which Mortise finds the product.',
    group: 'productinformation',
    unique: true,
  },
  {
    type: 'products',
    name: 'mortise_currency',
    label: 'Mortise currency',
    description: 'ISO 4217 code of the unit price.',
    group: 'productinformation',
    unique: false,
  },
  {
    type: 'deals',
    name: 'mortise_key',
    label: 'Mortise key',
    description: 'Key of the record that the deal was made from, for instance an order number.',
    group: 'dealinformation',
    unique: true,
  },
  {
    type: 'line_items',
    name: 'mortise_key',
    label: 'Mortise key',
    description: 'Key of the line that the line item was made from, for instance an order number with the line.',
    group: 'lineiteminformation',
    unique: true,
  },
];
