import type { Collection } from './collection.ts';
import type { DirectusCall } from './vendor.ts';

/** A collection, and the call that works on it. */
export interface Table {
  readonly call: DirectusCall;
  readonly collection: Collection;
}
