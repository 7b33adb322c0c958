import type { ConnectorError, RecordIssue } from '../errors/connector-error.ts';
import type { WireChange } from '../mapping/mapping.ts';
import type { Priority } from '../resilience/call-road.ts';
import type { Fallback, FallbackAnswer } from '../resilience/fallback.ts';
import type { Effect } from './effect.ts';
import type { LiveTransports } from './transport.ts';

/** What an operation receives: the transports of its connection, the validated settings, the caller's signal. */
export interface Call<Transports, Settings> {
  readonly transports: LiveTransports<Transports>;
  readonly settings: Settings;
  /** Id of the connection. */
  readonly connection: string;
  /** Vendor's names of the custom fields that the host gave for this resource: ask for them in reads. */
  readonly fields: readonly string[];
  /** Wall time, Unix milliseconds, on the connection's clock. */
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/** What a write receives besides. */
export interface WriteCall<Transports, Settings> extends Call<Transports, Settings> {
  /**
   * Names this request to a vendor that honours idempotency keys. Stays the same when the request is sent again; a part
   * of its records, or other records, get another one. For one key per record add the record's place in the batch.
   */
  readonly idempotencyKey: string;
}

/** What a list is asked for. */
export interface ListRequest {
  /** Only records changed at or after this instant. Implementations may give more, never less. */
  readonly since?: Date | undefined;
  /** Only records changed at or before this instant: closes the window against changes during the read. */
  readonly until?: Date | undefined;
  /** Where to go on: the `next` of an earlier page, with the same window. */
  readonly cursor?: string | undefined;
  /** Records a page; the connector's own choice when absent. */
  readonly pageSize?: number | undefined;
}

/** Something about a page that its reader should know. The page stands all the same. */
export interface PageNote {
  /**
   * `repeated`: a record that an earlier page gave already was left out. `stamp-missing`: the record has no change
   * stamp that can be read. `stamp-ahead`: its stamp lies behind the end of the window. `null-row`: a row that the
   * vendor sent as null was left out. `incomplete`: fields that the vendor could not give are absent from the record.
   */
  readonly kind: 'repeated' | 'stamp-missing' | 'stamp-ahead' | 'null-row' | 'incomplete';
  /** The record's key, where it has one. For the reader, never for a log. */
  readonly key?: string | undefined;
}

/** A page as the connector's author yields it: records as the vendor sent them, unparsed. */
export interface ListedPage {
  readonly records: readonly unknown[];
  /** Cursor behind this page; absent where the list cannot be taken up again here. */
  readonly next?: string | undefined;
  /** How many records the vendor says there are: for progress only, because totals lie. */
  readonly total?: number | undefined;
  readonly notes?: readonly PageNote[] | undefined;
}

/** A record that is not what its schema says. */
export interface RejectedRecord {
  /** The record's key, where even that could be read. */
  readonly key: string | undefined;
  readonly issues: readonly RecordIssue[];
  /** The record as it came. For the dead letters; never for a log. */
  readonly record: unknown;
}

/** A page as callers get it: parsed records, and apart from them those that did not fit the schema. */
export interface Page<Item> {
  readonly records: readonly Item[];
  readonly rejected: readonly RejectedRecord[];
  readonly next?: string | undefined;
  /** How many records the vendor says there are: for progress only. */
  readonly total?: number | undefined;
  /** What is odd about the page, where anything is. */
  readonly notes?: readonly PageNote[] | undefined;
}

/** What became of one record of a batch. */
export type ItemOutcome<Item> =
  | {
      readonly ok: true;
      /** The record as the vendor answered it. */
      readonly record: Item;
      /** Whether it is new at the vendor, where the vendor says so. */
      readonly created?: boolean | undefined;
      /**
       * The vendor's answer never came, and the record was found by its key afterwards: it is there, and whether this
       * write made it is not known, so that `created` says nothing.
       */
      readonly resolved?: true | undefined;
    }
  | { readonly ok: false; readonly error: ConnectorError };

/** Finds a record by a unique key other than its id. */
export interface FindRequest {
  /** Path of the key in the wire record. */
  readonly field: string;
  readonly value: string;
}

/** A write of many records at once. Its outcomes are in the order of the records given. */
export interface BatchWrite<Transports, Settings, Written> {
  readonly effect: Effect;
  /**
   * Path of a unique key, the same in the written record and for `find`. Needed for `external-id`. With it and `find`, a
   * write whose answer never came is looked up and, where it is not there, sent once more.
   */
  readonly key?: string;
  /** Most records in one request. */
  readonly max: number;
  /** Writes them. Rejects with a ConnectorError where the request as a whole has failed. */
  readonly run: (
    call: WriteCall<Transports, Settings>,
    records: readonly Written[],
  ) => Promise<readonly ItemOutcome<unknown>[]>;
}

/** A write of one record by its id. */
export interface ItemWrite<Transports, Settings, Written> {
  readonly effect: Effect;
  /** Gives the record as it is after the write. Rejects with a ConnectorError. */
  readonly run: (
    call: WriteCall<Transports, Settings>,
    item: { readonly id: string; readonly change: WireChange<Written> },
  ) => Promise<unknown>;
}

/** A removal of one record by its id. */
export interface Removal<Transports, Settings> {
  readonly effect: Effect;
  /** Rejects with a ConnectorError. */
  readonly run: (call: WriteCall<Transports, Settings>, id: string) => Promise<void>;
}

/** A page of deletions: ids that are gone at the vendor. */
export interface DeletionPage {
  readonly ids: readonly string[];
  readonly next?: string | undefined;
}

/** What a subscription is asked for. */
export interface SubscribeRequest {
  /** Where the caller stands: what changed at or after it comes first. Absent: everything that is there does. */
  readonly since?: Date | undefined;
}

/** A change as the connector's author yields it: the record as the vendor sent it, unparsed. */
export type SubscribedChange =
  | { readonly kind: 'changed'; readonly record: unknown }
  | { readonly kind: 'removed'; readonly id: string };

/** A change as callers get it. A record that does not fit its schema is a value too, and the subscription goes on. */
export type Change<Item> =
  | { readonly kind: 'changed'; readonly record: Item }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'rejected'; readonly rejected: RejectedRecord };

/**
 * The operations that an author gives, on wire records. An absent operation is an absent capability.
 * They reject with ConnectorError; anything else that they throw is reported as `internal`.
 */
export interface Operations<Transports, Settings, Written> {
  readonly list?: (call: Call<Transports, Settings>, request: ListRequest) => AsyncIterable<ListedPage>;
  /**
   * Everything that is there, by the way that the vendor keeps for much of it (a bulk operation, an export). Pages as
   * those of `list`; one without records says only how far it has come.
   */
  readonly backfill?: (call: Call<Transports, Settings>, request: ListRequest) => AsyncIterable<ListedPage>;
  readonly get?: (call: Call<Transports, Settings>, id: string) => Promise<unknown>;
  readonly find?: (call: Call<Transports, Settings>, request: FindRequest) => Promise<unknown>;
  readonly deletions?: (call: Call<Transports, Settings>, request: ListRequest) => AsyncIterable<DeletionPage>;
  /** Changes as they happen, for as long as somebody reads them. Webhooks come otherwise: see `webhooks`. */
  readonly subscribe?: (call: Call<Transports, Settings>, request: SubscribeRequest) => AsyncIterable<SubscribedChange>;
  readonly create?: BatchWrite<Transports, Settings, Written>;
  readonly update?: ItemWrite<Transports, Settings, Written>;
  readonly upsert?: BatchWrite<Transports, Settings, Written>;
  readonly remove?: Removal<Transports, Settings>;
}

/** The name of an operation. */
export type OperationName = keyof Operations<never, never, never>;

/** What any operation of a live resource can be given besides its argument. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Who goes first when a quota is short; `sync` unless given, and `backfill` for a backfill. */
  readonly priority?: Priority | undefined;
}

/** What a write can be given. */
export interface WriteOptions extends CallOptions {
  /** The caller's own name for this write, so that the same write run again carries the same keys; random unless given. */
  readonly idempotencyKey?: string | undefined;
}

/** What a read of one record can be given, when it is not critical. */
export interface FallbackOptions<Value> extends CallOptions {
  /** What to answer while the vendor cannot: the last good answer, or a value given here. */
  readonly fallback: Fallback<Value>;
  /** An older answer is no fallback, milliseconds; any age is unless given. */
  readonly maxAgeMs?: number | undefined;
}

/** Reads one record; with a fallback the answer says where it is from. */
export interface ReadOne<Asked, Value> {
  (asked: Asked, options: FallbackOptions<Value>): Promise<FallbackAnswer<Value>>;
  (asked: Asked, options?: CallOptions): Promise<Value>;
}

/** The operations as callers see them. `Item` is what is read, `Written` what is given to write. */
export interface LiveOperations<Item, Written, ChangedFields> {
  /** Pages of records. @throws ConnectorError */
  readonly list: (request?: ListRequest & CallOptions) => AsyncIterable<Page<Item>>;
  /**
   * Pages of all records, by the vendor's own way for much of them. Slow to begin and quick then: a page may be empty
   * while the vendor still works. Goes on after a crash with the `next` of the last page.
   * @throws ConnectorError `expired-cursor` where the vendor no longer has what the cursor goes on with.
   */
  readonly backfill: (request?: ListRequest & CallOptions) => AsyncIterable<Page<Item>>;
  /** One record by its id. @throws ConnectorError `not-found`, `invalid-record` and those of any call. */
  readonly get: ReadOne<string, Item>;
  /** One record by another unique key, or undefined. @throws ConnectorError */
  readonly find: ReadOne<FindRequest, Item | undefined>;
  /** Ids of records deleted at the vendor. @throws ConnectorError */
  readonly deletions: (request?: ListRequest & CallOptions) => AsyncIterable<DeletionPage>;
  /** Changes as they happen, until the signal is aborted or the loop is left. @throws ConnectorError */
  readonly subscribe: (request?: SubscribeRequest & CallOptions) => AsyncIterable<Change<Item>>;
  /** Creates records; outcomes in the order given. @throws ConnectorError when a whole request fails. */
  readonly create: (records: readonly Written[], options?: WriteOptions) => Promise<readonly ItemOutcome<Item>[]>;
  /** Changes the given fields of one record. @throws ConnectorError */
  readonly update: (id: string, change: ChangedFields, options?: WriteOptions) => Promise<Item>;
  /** Creates or updates by unique key; outcomes in the order given. @throws ConnectorError when a whole request fails. */
  readonly upsert: (records: readonly Written[], options?: WriteOptions) => Promise<readonly ItemOutcome<Item>[]>;
  /** Removes one record. @throws ConnectorError */
  readonly remove: (id: string, options?: WriteOptions) => Promise<void>;
}
