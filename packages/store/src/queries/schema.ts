import { DummyDriver, type Generated, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';

/** Columns of `checkpoint`: one row per sync. */
export interface CheckpointRow {
  readonly sync: string;
  readonly watermark: string | null;
  readonly window_since: string | null;
  readonly window_until: string | null;
  readonly window_highest: string | null;
  readonly cursor: string | null;
  readonly run: string;
  readonly at: number;
}

/** Columns of `link`: one row per sync and source key. */
export interface LinkRow {
  readonly sync: string;
  readonly source_key: string;
  readonly destination_key: string;
  readonly fingerprint: string;
  /** The batch whose image holds the destination record as read back. */
  readonly batch: number;
  /** Where in the image; null where nothing was read back. */
  readonly slot: number | null;
}

/** Columns of `batch`: one row per commit that changed links, never changed. */
export interface BatchRow {
  /** Random, so that it is known before the row is written. */
  readonly id: number;
  readonly run: string;
  readonly at: number;
  readonly sync: string;
  readonly connection: string;
  /** The read-backs of the batch, sealed together. */
  readonly image: Uint8Array | null;
}

/** Columns of `journal`: one row per write, never changed. */
export interface JournalRow {
  readonly id: Generated<number>;
  readonly batch: number;
  readonly source_key: string;
  readonly destination_key: string;
  readonly action: 'create' | 'update';
  /** Where the link pointed before this write. */
  readonly before_batch: number | null;
  readonly before_slot: number | null;
}

/** Columns of `dead_letter`: one row per sync and source key. */
export interface DeadLetterRow {
  readonly id: Generated<number>;
  readonly sync: string;
  readonly connection: string;
  readonly source_key: string;
  readonly stage: 'validate' | 'map' | 'write' | 'reference';
  readonly code: string;
  /** JSON. */
  readonly issues: string;
  /** Sealed. */
  readonly payload: Uint8Array | null;
  readonly run: string;
  readonly at: number;
}

/** Columns of `parked`: one row per sync and source key. */
export interface ParkedRow {
  readonly sync: string;
  readonly connection: string;
  readonly source_key: string;
  readonly parent_sync: string;
  readonly parent_key: string;
  /** Sealed. */
  readonly payload: Uint8Array | null;
  readonly run: string;
  readonly at: number;
}

/** Columns of `lock`: one row per name, kept when the lock is free so that its fence only grows. */
export interface LockRow {
  readonly name: string;
  readonly fence: number;
  /** When the lease ends, Unix milliseconds. */
  readonly until: number;
}

/** Columns of `quota_grant`: one row per quota and slice of time. */
export interface QuotaGrantRow {
  readonly name: string;
  readonly slice: number;
  readonly granted: number;
}

/** Columns of `last_value`: one row per connection and call. */
export interface LastValueRow {
  readonly connection: string;
  readonly key: string;
  readonly sealed: Uint8Array;
  readonly at: number;
}

/** Columns of `delivery`: one row per delivery of a webhook. */
export interface DeliveryRow {
  readonly id: Generated<number>;
  readonly connection: string;
  readonly key: string;
  readonly topic: string;
  readonly subject: string | null;
  readonly received_at: number;
  readonly occurred_at: number | null;
  /** Sealed; null once its work is done. */
  readonly body: Uint8Array | null;
  readonly tries: Generated<number>;
  readonly leased_until: Generated<number>;
  readonly done_at: number | null;
  /** 1 while its work is to be done and no older delivery of its subject waits. */
  readonly head: number;
}

/** Columns of `inbox_size`: one row per connection that ever had a delivery. */
export interface InboxSizeRow {
  readonly connection: string;
  /** Deliveries whose work is not done. */
  readonly deliveries: number;
  /** Their bodies as sealed, bytes. */
  readonly bytes: number;
}

/** Columns of `minute_metrics`: one row per connection, path template and minute. */
export interface MinuteMetricsRow {
  readonly connection: string;
  readonly template: string;
  readonly minute: number;
  readonly calls: number;
  /** JSON: count by error code. */
  readonly errors: string;
  /** JSON: counts by bound. */
  readonly histogram: string;
}

/** All tables by name. */
export interface Tables {
  readonly schema_migration: { readonly number: number; readonly name: string; readonly at: number };
  readonly key_check: { readonly one: number; readonly key_id: string; readonly sealed: Uint8Array };
  readonly token: {
    readonly connection: string;
    readonly sealed: Uint8Array;
    readonly at: number;
    readonly fence: Generated<number>;
  };
  readonly lock: LockRow;
  readonly quota_grant: QuotaGrantRow;
  readonly last_value: LastValueRow;
  readonly delivery: DeliveryRow;
  readonly inbox_size: InboxSizeRow;
  readonly minute_metrics: MinuteMetricsRow;
  readonly checkpoint: CheckpointRow;
  readonly link: LinkRow;
  readonly batch: BatchRow;
  readonly journal: JournalRow;
  readonly dead_letter: DeadLetterRow;
  readonly parked: ParkedRow;
}

/** Builds queries and never runs them: {@link Database} does, so that a whole commit can run without a pause. */
export const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
