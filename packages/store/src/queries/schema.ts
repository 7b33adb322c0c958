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

/** All tables by name. */
export interface Tables {
  readonly schema_migration: { readonly number: number; readonly name: string; readonly at: number };
  readonly key_check: { readonly one: number; readonly key_id: string; readonly sealed: Uint8Array };
  readonly token: { readonly connection: string; readonly sealed: Uint8Array; readonly at: number };
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
