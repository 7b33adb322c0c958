import type { LastValueStore, LockStore, MetricsStore, QuotaLedger, TokenStore } from '@mortise/runtime';
import type { Inbox } from '@mortise/runtime/webhooks';

/** The window that a run reads, ISO 8601. */
export interface ReadingWindow {
  readonly since?: string;
  /** Fixed when the window was opened. */
  readonly until: string;
  /** Highest stamp of the source seen inside the window so far. */
  readonly highest?: string;
}

/** How far a sync has read its source. Committed with what was made of it. */
export interface Checkpoint {
  /** Highest stamp of the source that was read completely, ISO 8601. */
  readonly watermark?: string;
  /** The window that is being read. */
  readonly window?: ReadingWindow;
  /** Where to go on inside the window, in the source's own terms. */
  readonly cursor?: string;
}

/** One record here is that record there. */
export interface Link {
  readonly sourceKey: string;
  readonly destinationKey: string;
  /** Hash of the destination record as read back: tells our own echo from a change. */
  readonly fingerprint: string;
}

/** What a write made of a link. */
export interface LinkChange extends Link {
  /** The destination record as read back after the write. Any JSON value; encrypted at rest. */
  readonly base?: unknown;
  /** `match` found the record and wrote nothing: it leaves no journal entry. */
  readonly action: 'create' | 'update' | 'match';
}

/** A record that could not pass, with its cause. */
export interface DeadLetter {
  readonly sourceKey: string;
  /** Where it stopped. */
  readonly stage: 'validate' | 'map' | 'write' | 'reference';
  /** Error code, for instance `invalid-record`. */
  readonly code: string;
  /** Where in the record and why, never with the value: kept as plain text. */
  readonly issues: readonly { readonly path: string; readonly reason: string }[];
  /** The record. Any JSON value; encrypted at rest. */
  readonly payload: unknown;
}

/** A dead letter as it is kept. */
export interface StoredDeadLetter extends DeadLetter {
  /** Rises with time; give the last one as `after` to go on. */
  readonly id: number;
  readonly sync: string;
  /** Id of the destination connection. */
  readonly connection: string;
  readonly run: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A record that waits for its parent's link. A record waits for one parent at a time. */
export interface Parked {
  readonly sourceKey: string;
  /** The sync that will link the parent. */
  readonly parentSync: string;
  /** The parent's source key there. */
  readonly parentKey: string;
  /** The record. Any JSON value; encrypted at rest. */
  readonly payload: unknown;
}

/** A write that was made at the destination. */
export interface JournalEntry {
  /** Rises with time; give the last one as `after` to go on. */
  readonly id: number;
  readonly run: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly sync: string;
  readonly connection: string;
  readonly sourceKey: string;
  readonly destinationKey: string;
  readonly action: 'create' | 'update';
  /** The destination record before the write, as read back then; null for a create or where none was known. */
  readonly before: unknown;
}

/** All that one batch of a run changes. Kept whole or not at all. */
export interface Commit {
  readonly sync: string;
  /** Id of the destination connection; encrypted values open only under it. No line feed in it or in `sync`. */
  readonly connection: string;
  readonly run: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly links: readonly LinkChange[];
  /** One per source key is kept; a newer one replaces it. */
  readonly deadLetters: readonly DeadLetter[];
  readonly parked: readonly Parked[];
  /** Source keys whose dead letter and parked record are removed, before those of this commit are added. */
  readonly settled: readonly string[];
  /** Replaces the checkpoint of the sync; left out, the old one stays. */
  readonly checkpoint?: Checkpoint;
}

/** Which dead letters to read, oldest first. */
export interface DeadLetterQuery {
  readonly sync?: string;
  /** Most entries to answer. */
  readonly limit: number;
  /** Only entries with a higher id: the position to go on from. */
  readonly after?: number;
}

/** Which journal entries to read, oldest first. */
export interface JournalQuery extends DeadLetterQuery {
  readonly sourceKey?: string;
}

/**
 * Durable state of syncs and connections. Every method rejects with a ConnectorError: `state-busy` when another process
 * holds the state for more than 5 seconds, `state-refused` when it is damaged, tampered with or cannot be written.
 */
export interface Store {
  /** Tokens of connections, encrypted. */
  readonly tokens: TokenStore;
  /** Locks of all processes that share the file. */
  readonly locks: LockStore;
  /** Quotas that several processes share. */
  readonly quotas: QuotaLedger;
  /** Last good answers to fall back on, encrypted. */
  readonly lastValues: LastValueStore;
  /** Deliveries of webhooks, bodies encrypted. */
  readonly inbox: Inbox;
  /** Response times and errors of connections by the minute, kept 14 days. */
  readonly metrics: MetricsStore;
  readonly readCheckpoint: (sync: string) => Promise<Checkpoint | undefined>;
  /** The links of those source keys that have one, by source key. */
  readonly readLinks: (sync: string, sourceKeys: readonly string[]) => Promise<ReadonlyMap<string, Link>>;
  /** Writes all of it in one transaction, or nothing. */
  readonly commit: (commit: Commit) => Promise<void>;
  /** Parked records of a sync whose parent has a link now. Looks at every parked record: ask once per run, not per page. */
  readonly readReleasable: (sync: string, limit: number) => Promise<readonly Parked[]>;
  readonly countParked: (sync: string) => Promise<number>;
  readonly countDeadLetters: (sync: string) => Promise<number>;
  /** Dead letters with their records in plain: for the operator who asks, never for a log. */
  readonly readDeadLetters: (query: DeadLetterQuery) => Promise<readonly StoredDeadLetter[]>;
  /** Journal entries with their before-images in plain: for the operator who asks, and for undo. */
  readonly readJournal: (query: JournalQuery) => Promise<readonly JournalEntry[]>;
  /** Writes the metrics that were still being counted, and closes the file. May be called twice. */
  readonly close: () => Promise<void>;
}
