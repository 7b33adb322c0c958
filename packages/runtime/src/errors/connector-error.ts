import { type ConnectorErrorCode, type ErrorCodeEntry, errorCodes } from './codes.ts';

/** Why one field of a record was refused. Never holds the value. */
export interface RecordIssue {
  /** Where in the record, for instance `lines[2].sku`. */
  readonly path: string;
  /** What is wrong there, without the value. */
  readonly reason: string;
}

/** What an error knows about the call that failed: names and numbers, never a body, header or value. */
export interface ConnectorErrorDetails {
  /** Id of the connector, for instance `hubspot`. */
  readonly connector?: string | undefined;
  /** Id of the connection, for instance `hubspot` or a customer's account. */
  readonly connection?: string | undefined;
  /** Resource and operation, for instance `contacts.upsert`. */
  readonly operation?: string | undefined;
  readonly method?: string | undefined;
  /** Path with its placeholders, never with ids. */
  readonly template?: string | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** The vendor's own code, for instance `VALIDATION_ERROR`. */
  readonly vendorCode?: string | undefined;
  /** The vendor's id of the request, for its support. */
  readonly requestId?: string | undefined;
  /** How often the call was sent. */
  readonly attempts?: number | undefined;
  /** Earliest time at which a repeat makes sense, Unix milliseconds. */
  readonly resumeAt?: number | undefined;
  readonly issues?: readonly RecordIssue[] | undefined;
  /** The vendor's permissions that are missing, or that are needed where nobody can tell what is granted. */
  readonly permissions?: readonly string[] | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for('mortise.connector-error');

/**
 * The one error that Mortise operations reject with. Tell it apart with {@link isConnectorError}, which also
 * works when two copies of this package are installed.
 */
export class ConnectorError extends Error implements ConnectorErrorDetails {
  override readonly name = 'ConnectorError';
  readonly code: ConnectorErrorCode;
  declare readonly connector?: string;
  declare readonly connection?: string;
  declare readonly operation?: string;
  declare readonly method?: string;
  declare readonly template?: string;
  declare readonly status?: number;
  declare readonly vendorCode?: string;
  declare readonly requestId?: string;
  declare readonly attempts?: number;
  declare readonly resumeAt?: number;
  declare readonly issues?: readonly RecordIssue[];
  declare readonly permissions?: readonly string[];

  constructor(code: ConnectorErrorCode, message: string, details: ConnectorErrorDetails = {}) {
    const { cause, ...facts } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, withoutUndefined(facts));
    // Non-enumerable: a cause comes from elsewhere, and JSON or a spread must not carry it into a log.
    Object.defineProperty(this, brand, { value: true });
  }

  /** Names and numbers only: safe to log. */
  toJSON(): Record<string, unknown> {
    return { code: this.code, message: this.message, ...Object.fromEntries(Object.entries(this).filter(isOwnFact)) };
  }
}

const isOwnFact = ([key]: [string, unknown]): boolean => key !== 'name' && key !== 'code';

const withoutUndefined = (facts: object): object =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/**
 * Makes a {@link ConnectorError}.
 * @example
 * ```ts
 * import { connectorError } from '@mortise/runtime';
 * throw connectorError('invalid-settings', "setting 'region' of acme is missing: give 'eu' or 'us'");
 * ```
 */
export const connectorError = (
  code: ConnectorErrorCode,
  message: string,
  details?: ConnectorErrorDetails,
): ConnectorError => new ConnectorError(code, message, details);

/** Whether a thrown value is a {@link ConnectorError}, of this copy of the package or another. */
export const isConnectorError = (value: unknown): value is ConnectorError =>
  typeof value === 'object' && value !== null && brand in value;

/**
 * Turns whatever was thrown into a {@link ConnectorError} and adds what is known about the call.
 * Anything that is not one already is a fault of the code that threw it: `internal`.
 */
export const toConnectorError = (thrown: unknown, details: ConnectorErrorDetails = {}): ConnectorError => {
  if (!isConnectorError(thrown)) {
    const where = [details.connector, details.operation].filter(Boolean).join(' ') || 'a connector';
    return connectorError('internal', `${where} failed unexpectedly: report it to its author`, {
      ...details,
      cause: thrown,
    });
  }
  if (thrown.connector !== undefined || details.connector === undefined) return thrown;
  return connectorError(thrown.code, thrown.message, { ...thrown, ...details, cause: thrown.cause });
};

/** The exit status that a command ends with for this error: 1, 2 or 75. */
export const exitStatus = (error: ConnectorError): 1 | 2 | 75 => entryOf(error).exitStatus;

/** Another copy of this package may be newer and know more codes. */
const entryOf = ({ code }: ConnectorError): ErrorCodeEntry =>
  Object.hasOwn(errorCodes, code) ? errorCodes[code] : errorCodes.internal;

/**
 * One sentence for a person: where, what, and what to do.
 * @example
 * ```ts
 * import { connectorError, describeError } from '@mortise/runtime';
 * describeError(connectorError('unreachable', 'no connection to 127.0.0.1:1', { connector: 'acme', operation: 'items.list' }));
 * // 'acme items.list: no connection to 127.0.0.1:1. Check the host in the settings and that the server runs.'
 * ```
 */
export const describeError = (error: ConnectorError): string => {
  const where = [error.connector, error.operation].filter((part) => part !== undefined).join(' ');
  const vendor =
    error.vendorCode === undefined || error.message.includes(error.vendorCode) ? '' : ` (${error.vendorCode})`;
  const until = error.resumeAt === undefined ? '' : `; not before ${new Date(error.resumeAt).toISOString()}`;
  const issues = (error.issues ?? []).map((issue) => ` ${issue.path}: ${issue.reason};`).join('');
  return `${where === '' ? '' : `${where}: `}${error.message}${vendor}${until}.${issues} ${entryOf(error).nextStep}`;
};
