import { type ConnectorError, connectorError, toConnectorError } from '../errors/connector-error.ts';
import type { Redact } from '../errors/redact.ts';
import { redactedError } from '../errors/redacted-error.ts';
import type { Clock, Random } from '../resilience/clock.ts';
import type { LastValueStore } from '../resilience/last-values.ts';
import type { EventSink } from '../telemetry/events.ts';
import type { BindTransports } from './connection.ts';
import type {
  Call,
  CallOptions,
  Change,
  DeletionPage,
  FallbackOptions,
  FindRequest,
  ItemOutcome,
  ListRequest,
  Page,
  SubscribeRequest,
  WriteCall,
  WriteOptions,
} from './operations.ts';
import type { ConnectionAccess } from './permissions.ts';
import type { ErasedOperations } from './resource.ts';
import type { Parsed } from './schema.ts';

/** What a resource is bound to. */
export interface ResourceBinding {
  readonly name: string;
  readonly connector: string;
  readonly connection: string;
  readonly settings: unknown;
  readonly clock: Clock;
  readonly random: Random;
  /** Longest wait that is slept, milliseconds. */
  readonly longestWaitMs: number;
  /** Longest time for one record, batch or page, milliseconds. */
  readonly stepTimeoutMs: number;
  readonly events: EventSink;
  readonly lastValues: LastValueStore | undefined;
  readonly redact: Redact;
  readonly bindTransports: BindTransports;
  readonly access: ConnectionAccess;
  /** Names of the custom fields that the host gave for the resource. */
  readonly fields?: readonly string[];
}

/** Operations on wire records; only those that the definition has. */
export interface WireOperations {
  list?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  backfill?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  get?: (id: string, options?: ReadOptions) => Promise<unknown>;
  find?: (request: FindRequest, options?: ReadOptions) => Promise<unknown>;
  deletions?: (request?: ListRequest & CallOptions) => AsyncIterable<DeletionPage>;
  subscribe?: (request?: SubscribeRequest & CallOptions) => AsyncIterable<Change<unknown>>;
  create?: (records: readonly unknown[], options?: WriteOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  update?: (id: string, change: object, options?: WriteOptions) => Promise<unknown>;
  upsert?: (records: readonly unknown[], options?: WriteOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  remove?: (id: string, options?: WriteOptions) => Promise<void>;
}

/** Options of a read of one record; with a `fallback` it answers with a `FallbackAnswer`. */
export type ReadOptions = CallOptions & Partial<FallbackOptions<unknown>>;

/** A call whose types nobody needs any more. */
export type AnyCall = Call<unknown, unknown>;

/** The same of a write. */
export type AnyWriteCall = WriteCall<unknown, unknown>;

/** A resource's parser of its records. */
export type Parse = (record: unknown) => Parsed<unknown>;

/** What an operation is given: its transports know which operation they are used for, and what the caller wants of it. */
export const callFor = (binding: ResourceBinding, operation: string, options: WriteOptions | undefined): AnyCall => {
  const { settings, connection, clock, name, fields = [] } = binding;
  const { signal, priority, idempotencyKey } = options ?? {};
  const transports = binding.bindTransports({ operation: `${name}.${operation}`, signal, priority, idempotencyKey });
  return { transports, settings, connection, fields, now: clock.now, signal };
};

/** Which operation of which resource. */
export interface OperationPlace {
  readonly binding: ResourceBinding;
  readonly operation: string;
}

/** What an operation threw, completed with what is known about it and without the connection's secrets. */
export const errorOf = (thrown: unknown, { binding, operation }: OperationPlace): ConnectorError => {
  const { connector, connection, name, redact } = binding;
  return redactedError(toConnectorError(thrown, { connector, connection, operation: `${name}.${operation}` }), redact);
};

/** Runs one operation and completes what it throws. */
export type Perform = <Value>(operation: string, run: () => Promise<Value>) => Promise<Value>;

/** What the writes of a resource are made of. */
export interface WriteParts {
  readonly given: ErasedOperations;
  readonly parse: Parse;
  readonly perform: Perform;
  readonly binding: ResourceBinding;
  /** How long after a write a look-up may still miss it, milliseconds. */
  readonly settleMs: number;
}

/** Makes the runner of a resource's operations. */
export const performer =
  (binding: ResourceBinding): Perform =>
  async (operation, run) => {
    try {
      return await run();
    } catch (thrown) {
      throw errorOf(thrown, { binding, operation });
    }
  };

/**
 * The record where it fits its schema.
 * @throws ConnectorError `invalid-record` with the issues.
 */
export const parsedOrThrown = (parse: Parse, record: unknown): unknown => {
  const parsed = parse(record);
  if (parsed.ok) return parsed.value;
  throw connectorError('invalid-record', 'the record is not what its schema says', { issues: parsed.issues });
};
