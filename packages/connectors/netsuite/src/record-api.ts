import type { DeletionPage, FindRequest, ItemOutcome, ListedPage, ListRequest } from '@mortise/runtime';
import type { WrittenRecord } from './record-kind.ts';
import type { NetSuiteCall } from './vendor.ts';

/** The operations on one kind of record, over one transport. Both have all of them: the compiler holds them to it. */
export interface RecordApi {
  readonly list: (call: NetSuiteCall, request: ListRequest) => AsyncGenerator<ListedPage>;
  readonly get: (call: NetSuiteCall, id: string) => Promise<unknown>;
  readonly find: (call: NetSuiteCall, request: FindRequest) => Promise<unknown>;
  readonly deletions: (call: NetSuiteCall, request: ListRequest) => AsyncGenerator<DeletionPage>;
  readonly upsert: (call: NetSuiteCall, records: readonly WrittenRecord[]) => Promise<readonly ItemOutcome<unknown>[]>;
  readonly update: (
    call: NetSuiteCall,
    item: { readonly id: string; readonly change: WrittenRecord },
  ) => Promise<unknown>;
  readonly remove: (call: NetSuiteCall, id: string) => Promise<void>;
}

/** The operations on stock, over one transport. */
export type StockApi = Pick<RecordApi, 'list' | 'get'>;
