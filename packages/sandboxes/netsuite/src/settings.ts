import { isRecord } from '@mortise/testing';

/** What the vendor's documents leave open, or what differs by account. Legend: [V] read, [M] memory, [C] sources conflict. */
export type NetSuiteSettings = {
  /** Account id as it stands in messages, for example `123456_SB1`. */
  account: string;
  /** The integration's and the token's keys for token-based authentication (TBA). */
  tba: { consumerKey: string; consumerSecret: string; token: string; tokenSecret: string };
  /** Bearers that REST takes besides those of the token endpoint: for curl. */
  accessTokens: readonly string[];
  /** OAuth 2.0 machine to machine: the integration, its certificate's id (`kid`) and public key as PEM (SPKI or X.509). */
  oauth: {
    clientId: string;
    certificateId: string;
    publicKey: string;
    /** Seconds that an access token lives. [M] */
    accessTokenSeconds: number;
    /** Audience of the assertion; '' takes any that ends with the token path, as the local origin differs. [M] */
    audience: string;
  };
  /** The SOAP endpoint's version: names the path and the namespaces. [V] 2025_2 is the last. */
  version: string;
  /** Versions refused with invalidVersionFault, such as those that ended. */
  endedVersions: readonly string[];
  /** Unix milliseconds from which SOAP is gone. [V] 2028.2; the day is [M]. */
  soapEndsAt: number;
  /** Whether the account is closed. */
  closed: boolean;
  /** Whether the account is unavailable for a while (ACCT_TEMP_UNAVAILABLE). */
  unavailable: boolean;
  /** Permissions of the role, like `customer:view`, `salesOrder:edit`, `deletedRecords:view`; undefined grants all. */
  grantedPermissions: readonly string[] | undefined;
  /** Code of the fault for a refused login; seen as USER_ERROR in captured answers. [V] */
  loginFaultCode: string;
  /** Code of the fault for a closed account. [M] */
  closedFaultCode: string;
  /** Code of the fault for an ended version. [M] */
  versionFaultCode: string;
  /** Code of the fault for too many records in a request. [M] */
  recordCountFaultCode: string;
  /** Milliseconds that a timestamp may lie off. [M] */
  clockSkewMs: number;
  /** Requests of the account that may run at once, over SOAP and REST. [V] 5, 15 or 20 */
  concurrentRequests: number;
  /** Status code that REST answers above that. [V] */
  restThrottleStatus: number;
  /** `Retry-After` in seconds on the REST answer; 0 for none. [M] */
  restRetryAfterSeconds: number;
  /** Milliseconds that an unused searchId lives. [V] 15 min */
  searchLifeMs: number;
  /** Code of the failed status for a searchId that is gone. [V] */
  searchGoneCode: string;
  /** Page size of a search without one. [M] */
  defaultPageSize: number;
  /** Largest page of a search. [V] */
  maxPageSize: number;
  /** Smallest page of a search: 5 at the vendor; lower it for small tests. [V] */
  minPageSize: number;
  /** Order of a search: 'implicit' is by name for customers and items, by creation for transactions. [V] section_N3518731 */
  searchOrder: 'implicit' | 'internalId' | 'lastModifiedDate';
  /** Order of equal values; the vendor promises none. [M] */
  tieOrder: 'ascending' | 'descending';
  /** Page size of getDeleted. [M] */
  deletedPageSize: number;
  /** Most records in addList and deleteList. [V] */
  maxAddList: number;
  /** Most records in updateList and upsertList. [V] */
  maxUpdateList: number;
  /** Most records in getList. [V] */
  maxGetList: number;
  /** Most items in getItemAvailability. [V] */
  maxItemAvailability: number;
  /** Largest page of REST lists and SuiteQL. [V] */
  maxRestLimit: number;
  /** Rows that SuiteQL reaches by offset; the vendor says 100,000. [M] */
  maxSuiteQlRows: number;
  /** External ids whose writes are saved and yet answered with `afterSubmitFailed`. */
  afterSubmitFailedFor: readonly string[];
  /** Milliseconds to which stamps are cut; the vendor keeps seconds. [M] */
  stampPrecisionMs: number;
  /** Hours that stamps of SOAP lie off UTC: the vendor answers Pacific time. [M] */
  soapOffsetHours: number;
  /** Hours that dates of SuiteQL lie off UTC: the time zone of the user. [M] */
  suiteQlOffsetHours: number;
  /** Sign of quantity and amount of a sales order's line in SuiteQL: -1 at the vendor. [M] */
  suiteQlLineSign: number;
};

/** Settings with every part optional. */
export type NetSuiteSettingsInput = Partial<Omit<NetSuiteSettings, 'oauth' | 'tba'>> & {
  oauth?: Partial<NetSuiteSettings['oauth']>;
  tba?: Partial<NetSuiteSettings['tba']>;
};

/** The vendor's documented limits for a Standard account, and credentials for local use. */
export const defaultSettings: NetSuiteSettings = {
  account: '123456_SB1',
  tba: {
    consumerKey: 'sandbox-consumer-key',
    consumerSecret: 'sandbox-consumer-secret',
    token: 'sandbox-token',
    tokenSecret: 'sandbox-token-secret',
  },
  accessTokens: ['sandbox-token'],
  oauth: {
    clientId: 'sandbox-client',
    certificateId: 'sandbox-certificate',
    publicKey: '',
    accessTokenSeconds: 3600,
    audience: '',
  },
  version: '2025_2',
  endedVersions: [],
  soapEndsAt: Date.UTC(2028, 8, 1),
  closed: false,
  unavailable: false,
  grantedPermissions: undefined,
  loginFaultCode: 'USER_ERROR',
  closedFaultCode: 'INVALID_ACCT',
  versionFaultCode: 'INVALID_VERSION',
  recordCountFaultCode: 'EXCEEDED_MAX_RECORDS',
  clockSkewMs: 300_000,
  concurrentRequests: 5,
  restThrottleStatus: 429,
  restRetryAfterSeconds: 0,
  searchLifeMs: 900_000,
  searchGoneCode: 'INVALID_JOB_ID',
  defaultPageSize: 1000,
  maxPageSize: 1000,
  minPageSize: 5,
  searchOrder: 'implicit',
  tieOrder: 'ascending',
  deletedPageSize: 1000,
  maxAddList: 200,
  maxUpdateList: 100,
  maxGetList: 1000,
  maxItemAvailability: 10_000,
  maxRestLimit: 1000,
  maxSuiteQlRows: 100_000,
  afterSubmitFailedFor: [],
  stampPrecisionMs: 1000,
  soapOffsetHours: -8,
  suiteQlOffsetHours: -8,
  suiteQlLineSign: -1,
};

/** Fills what was not given from `base`, by default the vendor's own values. */
export function completeSettings(
  input: NetSuiteSettingsInput = {},
  base: NetSuiteSettings = defaultSettings,
): NetSuiteSettings {
  const oauth = { ...base.oauth, ...input.oauth };
  return { ...base, ...input, oauth, tba: { ...base.tba, ...input.tba } };
}

function sameKind(value: unknown, example: unknown): boolean {
  if (example === undefined || Array.isArray(example)) return Array.isArray(value);
  return typeof value === typeof example && !Array.isArray(value) && value !== null;
}

/** Checks that every name is a setting and every value of its kind. Throws a TypeError that names the first bad one. */
function checkNames(value: Record<string, unknown>, known: Record<string, unknown>): void {
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(known, name))
      throw new TypeError(`There is no setting "${name}"; use ${Object.keys(known).join(', ')}.`);
    if (!sameKind(given, known[name])) throw new TypeError(`The setting "${name}" has a value of the wrong kind.`);
  }
}

function isSettings(value: unknown): value is NetSuiteSettingsInput {
  if (!isRecord(value)) return false;
  checkNames(value, defaultSettings);
  if (isRecord(value.oauth)) checkNames(value.oauth, defaultSettings.oauth);
  if (isRecord(value.tba)) checkNames(value.tba, defaultSettings.tba);
  return true;
}

/** Takes settings that came from outside as JSON. Throws a TypeError with one sentence. */
export function parseSettings(value: unknown): NetSuiteSettingsInput {
  if (isSettings(value)) return value;
  throw new TypeError('Settings must be a JSON object.');
}
