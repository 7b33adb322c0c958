import type { z } from 'zod';
import type { Effect } from './effect.ts';
import type { CallOptions, FindRequest, ItemOutcome, ListRequest, Page, WriteOptions } from './operations.ts';
import type { ConnectionAccess, OperationPermissions } from './permissions.ts';
import type { ChangeTracking } from './resource.ts';
import type { Parsed } from './schema.ts';

/** How a destination takes batches. `run` rejects with a ConnectorError where a whole request has failed. */
export interface UpsertPort {
  readonly effect: Effect;
  /** Path of the unique key in the written record. */
  readonly key: string;
  /** Most records in one request. */
  readonly max: number;
  readonly run: (records: readonly unknown[], options?: WriteOptions) => Promise<readonly ItemOutcome<unknown>[]>;
}

/**
 * A live resource without its types, for engines that move any record: what they read was parsed by the resource's
 * schema, and what they write was made by its mapping. Its operations reject with a ConnectorError.
 */
export interface ResourcePort {
  /** Connection and resource, for instance `hubspot.contacts`. */
  readonly id: string;
  readonly connection: string;
  readonly record: z.ZodType;
  readonly changes: ChangeTracking | 'none';
  readonly hasMapping: boolean;
  /** The permissions that its operations need. */
  readonly permissions: OperationPermissions;
  /** What is known of the permissions of its connection. */
  readonly access: ConnectionAccess;
  /** The record's id as text, or undefined. */
  readonly keyOf: (record: unknown) => string | undefined;
  /** The record's change stamp, Unix milliseconds, or undefined. */
  readonly changedAt: (record: unknown) => number | undefined;
  /** Wire record to model; the record itself where the resource has no mapping. */
  readonly decode: (record: unknown) => Parsed<unknown>;
  /** Model to written wire record; the value itself where the resource has no mapping. */
  readonly encode: (model: unknown) => Parsed<unknown>;
  /** Changed model fields to changed wire fields; the value itself where the resource has no mapping. */
  readonly encodeChange: (change: unknown) => Parsed<unknown>;
  readonly list?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  readonly get?: (id: string, options?: CallOptions) => Promise<unknown>;
  readonly backfill?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  readonly find?: (request: FindRequest, options?: CallOptions) => Promise<unknown>;
  readonly upsert?: UpsertPort;
}
