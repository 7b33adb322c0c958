import { type ConnectorError, connectorError, toConnectorError } from '../errors/connector-error.ts';
import type { Redact } from '../errors/redact.ts';
import { redactedError } from '../errors/redacted-error.ts';
import type { Clock } from '../resilience/clock.ts';
import type { BindTransports } from './connection.ts';
import type {
  Call,
  CallOptions,
  Change,
  DeletionPage,
  FindRequest,
  ItemOutcome,
  ListRequest,
  Page,
  SubscribeRequest,
} from './operations.ts';
import type { Parsed } from './schema.ts';

/** What a resource is bound to. */
export interface ResourceBinding {
  readonly name: string;
  readonly connector: string;
  readonly connection: string;
  readonly settings: unknown;
  readonly clock: Clock;
  readonly redact: Redact;
  readonly bindTransports: BindTransports;
}

/** Operations on wire records; only those that the definition has. */
export interface WireOperations {
  list?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  get?: (id: string, options?: CallOptions) => Promise<unknown>;
  find?: (request: FindRequest, options?: CallOptions) => Promise<unknown>;
  deletions?: (request?: ListRequest & CallOptions) => AsyncIterable<DeletionPage>;
  subscribe?: (request?: SubscribeRequest & CallOptions) => AsyncIterable<Change<unknown>>;
  create?: (records: readonly unknown[], options?: CallOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  update?: (id: string, change: object, options?: CallOptions) => Promise<unknown>;
  upsert?: (records: readonly unknown[], options?: CallOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  remove?: (id: string, options?: CallOptions) => Promise<void>;
}

/** A call whose types nobody needs any more. */
export type AnyCall = Call<unknown, unknown>;

/** A resource's parser of its records. */
export type Parse = (record: unknown) => Parsed<unknown>;

/** What an operation is given: its transports know which operation they are used for, and the caller's signal. */
export const callFor = (binding: ResourceBinding, operation: string, options: CallOptions | undefined): AnyCall => {
  const signal = options?.signal;
  const { settings, connection, clock, name } = binding;
  const transports = binding.bindTransports({ operation: `${name}.${operation}`, signal });
  return { transports, settings, connection, now: clock.now, signal };
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
export type Perform = <Value>(
  operation: string,
  run: (call: AnyCall) => Promise<Value>,
  options: CallOptions | undefined,
) => Promise<Value>;

/** Makes the runner of a resource's operations. */
export const performer =
  (binding: ResourceBinding): Perform =>
  async (operation, run, options) => {
    try {
      return await run(callFor(binding, operation, options));
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
