import { isRecord } from '@mortise/testing';

/** What the vendor's documents leave open, or what differs by account. Legend: [V] read, [M] memory, [C] sources conflict. */
export type HubSpotSettings = {
  /** Bearer tokens taken as a service key or private app token. */
  accessTokens: readonly string[];
  /** Id of the account, a number at the vendor. */
  portalId: number;
  /** Requests per rolling 10 s per app: Free 100, Pro and Enterprise 190, API add-on 250, public app 110. [V/M] */
  requestsPerTenSeconds: number;
  /** Search requests per second per account, counted apart. [V] */
  searchesPerSecond: number;
  /** Requests per day per account; resets at midnight UTC here (the account's time zone at the vendor). [V] */
  requestsPerDay: number;
  /** Milliseconds by which search results lag behind writes; the vendor says "a few moments". [V] */
  searchLagMs: number;
  /** Most filter groups: 5 in both documents. [C] */
  maxFilterGroups: number;
  /** Most filters in a group: 6 in one document, 10 in the changelog of August 2024. [C] */
  maxFiltersPerGroup: number;
  /** Most filters in a search: 18 in one document, 25 in the changelog of August 2024. [C] */
  maxFilters: number;
  /** Most characters in a search body. [M] */
  maxSearchBody: number;
  /** Order of equal sort values; the vendor promises none. [M] */
  tieOrder: 'ascending' | 'descending';
  /** Largest page of a list. [M] */
  maxListLimit: number;
  /** Largest number of inputs of a batch. [M] */
  maxBatchInputs: number;
  /** Whether 207 needs an objectWriteTraceId in every input; otherwise the first bad input refuses the batch. [M] */
  multiStatus: 'always' | 'with-trace-id';
  /** Order of the rows of a batch answer; the vendor promises none. [M] */
  batchOrder: 'input' | 'reversed';
  /** Whether a batch that names one record twice is refused with 400. [M] */
  refuseRepeatedInputs: boolean;
  /** Scopes of the token; undefined grants all. Missing ones answer 403 MISSING_SCOPES. [V] */
  grantedScopes: readonly string[] | undefined;
  /** Which id a merge leaves: the primary's, or a new one; the ids that are gone lead to it. [M] */
  mergeId: 'primary' | 'new';
  /** Whether the account is open; a closed one answers every call with the status and category below. */
  account: 'open' | 'closed';
  /** What a closed account answers. [M] */
  closedStatus: number;
  closedCategory: string;
  /** Versions of the API that have ended, for instance '2026-03'. */
  sunsetVersions: readonly string[];
  /** What a call of an ended version answers, 410 or 404. [M] */
  sunsetStatus: number;
  webhooks: {
    /** Where events are sent; empty sends none. The signature's secret is `oauth.clientSecret`. */
    targetUrl: string;
    /** Subscription types that are sent, for instance 'contact.creation'; none given sends all. */
    subscriptions: readonly string[];
    /** Id of the app, in the vendor's own numbering. */
    appId: number;
    /** Milliseconds from an event to its first delivery. [M] */
    delayMs: number;
    /** Most events in a request. [V] */
    batchSize: number;
    /** Most requests at a time. [V] */
    concurrency: number;
    /** Milliseconds that the receiver has to answer; on the machine's clock. [V] */
    timeoutMs: number;
    /** Waits before each retry, milliseconds: 10 over 24 h, randomised at the vendor [V]; these very waits are ours [M]. */
    retryDelaysMs: readonly number[];
    /** Order of the events that are due; the vendor promises none. [V] */
    order: 'occurred' | 'reversed';
    /** How many times too often each request is sent. */
    duplicates: number;
    /** False: every event has the eventId 1, because the vendor's are not unique. [V] */
    uniqueEventIds: boolean;
  };
  /** Property that stands as the key in the write log for a type without a unique value. Only for the log. */
  logKeys: Readonly<Record<string, string>>;
  oauth: {
    clientId: string;
    clientSecret: string;
    /** Seconds that an access token lives. [V] */
    accessTokenSeconds: number;
    /** Whether a refresh answers a new refresh token and revokes the old one. [M]: it does not. */
    rotateRefreshTokens: boolean;
    /** Unix milliseconds from which /oauth/v1/token is gone. [V] 16 February 2027 */
    v1SunsetAt: number;
  };
};

/** Settings with every part optional. */
export type HubSpotSettingsInput = Partial<Omit<HubSpotSettings, 'oauth' | 'webhooks'>> & {
  oauth?: Partial<HubSpotSettings['oauth']>;
  webhooks?: Partial<HubSpotSettings['webhooks']>;
};

/** The vendor's documented limits for a Professional account, and a token and client for local use. */
export const defaultSettings: HubSpotSettings = {
  accessTokens: ['sandbox-token'],
  portalId: 62515,
  requestsPerTenSeconds: 190,
  searchesPerSecond: 5,
  requestsPerDay: 650_000,
  searchLagMs: 0,
  maxFilterGroups: 5,
  maxFiltersPerGroup: 6,
  maxFilters: 18,
  maxSearchBody: 3000,
  tieOrder: 'ascending',
  maxListLimit: 100,
  maxBatchInputs: 100,
  multiStatus: 'always',
  batchOrder: 'input',
  refuseRepeatedInputs: true,
  grantedScopes: undefined,
  mergeId: 'primary',
  account: 'open',
  closedStatus: 403,
  closedCategory: 'PORTAL_DEACTIVATED',
  sunsetVersions: [],
  sunsetStatus: 410,
  webhooks: {
    targetUrl: '',
    subscriptions: [],
    appId: 54321,
    delayMs: 0,
    batchSize: 100,
    concurrency: 10,
    timeoutMs: 5000,
    retryDelaysMs: [1, 5, 12, 31, 63, 118, 187, 262, 341, 360].map((minutes) => minutes * 60_000),
    order: 'occurred',
    duplicates: 0,
    uniqueEventIds: false,
  },
  logKeys: { companies: 'domain', products: 'hs_sku' },
  oauth: {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    accessTokenSeconds: 1800,
    rotateRefreshTokens: false,
    v1SunsetAt: Date.UTC(2027, 1, 16),
  },
};

/** Fills what was not given from `base`, by default the vendor's own values. */
export function completeSettings(
  input: HubSpotSettingsInput = {},
  base: HubSpotSettings = defaultSettings,
): HubSpotSettings {
  const oauth = { ...base.oauth, ...input.oauth };
  return { ...base, ...input, oauth, webhooks: { ...base.webhooks, ...input.webhooks } };
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

function isSettings(value: unknown): value is HubSpotSettingsInput {
  if (!isRecord(value)) return false;
  checkNames(value, defaultSettings);
  if (isRecord(value.oauth)) checkNames(value.oauth, defaultSettings.oauth);
  if (isRecord(value.webhooks)) checkNames(value.webhooks, defaultSettings.webhooks);
  return true;
}

/** Takes settings that came from outside as JSON. Throws a TypeError with one sentence. */
export function parseSettings(value: unknown): HubSpotSettingsInput {
  if (isSettings(value)) return value;
  throw new TypeError('Settings must be a JSON object.');
}
