import type { SandboxClock, SandboxContext, SandboxDatabase } from '@mortise/testing';
import type { NetSuiteSettings } from './settings.ts';

/** The record types that are kept. */
export type RecordType = 'customer' | 'inventoryItem' | 'salesOrder';

/** A reference to another record or to an entry of a list. */
export type Reference = { id: string; name?: string };

/** One row of a sublist. */
export type FieldRow = { readonly [name: string]: FieldValue };

/** A value: text (numbers and booleans as their text, dates as ISO), a reference, a group of fields or a sublist. */
export type FieldValue = string | { reference: Reference } | { group: FieldRow } | { rows: readonly FieldRow[] };

/** A record as it is kept. Times are Unix milliseconds. */
export type StoredRecord = {
  type: RecordType;
  /** Digits; may be above 2^53. */
  id: string;
  externalId: string | null;
  fields: FieldRow;
  createdAt: number;
  modifiedAt: number;
};

/** A record that is gone, as getDeleted and SuiteQL's deletedrecord tell. */
export type DeletedRecord = {
  type: RecordType;
  id: string;
  externalId: string | null;
  name: string;
  deletedAt: number;
};

/** Quantities of one item at one location. */
export type StockRow = {
  itemId: string;
  locationId: string;
  onHand: number;
  available: number;
  committed: number;
  onOrder: number;
  backOrdered: number;
  modifiedAt: number;
};

/** What the handlers work on. */
export type NetSuiteState = {
  database: SandboxDatabase;
  settings: NetSuiteSettings;
  clock: SandboxClock;
  /** A fresh internal id. */
  nextId(): string;
};

/** What a handler works with, besides the request. */
export type Context = SandboxContext<NetSuiteState>;
