import { isRecord } from '@mortise/testing';

/** What the stand-in takes from its surroundings. Facts marked [M] in the vendor facts are settings, so that a test can turn them. */
export interface ShopifySettings {
  /** Tokens of custom apps, which do not end. */
  accessTokens: readonly string[];
  /** Version that is answered as asked. */
  apiVersion: string;
  /** Oldest version that is still answered; an older one is answered as this. [V] */
  oldestVersion: string;
  currencyCode: string;
  /** Points that the bucket holds. 2,000 on a Standard plan [V], 20,000 on Plus [M]. */
  bucketPoints: number;
  /** Points restored per second. 100 on a Standard plan. [V] */
  restorePerSecond: number;
  /** Most points of one query. [V] */
  maxQueryCost: number;
  /** Milliseconds by which searches lag behind writes. [M] */
  searchLagMs: number;
  /** Order of equal sort values; the vendor promises none. [M] */
  tieOrder: 'ascending' | 'descending';
  /** Objects of one connection that can be paged to. [V] */
  connectionCap: number;
  /** Scopes of the tokens; undefined grants all. [V] */
  grantedScopes: readonly string[] | undefined;
  /** Answers every call as a shop does that cannot be used any more; undefined: it can. [V] */
  closed: 'payment-required' | 'locked' | 'inactive' | undefined;
  /** How long a key of `@idempotent` is known, milliseconds. [M] */
  idempotencyMs: number;
  /** Bulk operations that may run at once. [V] */
  bulkOperations: number;
  /** Whether a bulk operation ends only when the admin call `POST bulk/finish` says so. */
  holdBulk: boolean;
  oauth: {
    clientId: string;
    clientSecret: string;
    /** Seconds that an expiring access token lives. [V] */
    accessTokenSeconds: number;
    /** Seconds that a refresh token lives. [V] */
    refreshTokenSeconds: number;
  };
  webhooks: {
    /** Waits before the second and each further delivery, milliseconds: eight in four hours [V], their spacing [M]. */
    retryDelaysMs: readonly number[];
    /** How often each delivery is sent; 2 gives every one twice under the same Event-Id. [V that it happens] */
    copies: number;
    /** Order in which deliveries of one moment leave; the vendor promises none. [V] */
    order: 'as-happened' | 'reversed';
    /** Milliseconds after which a delivery counts as failed. [V] */
    timeoutMs: number;
  };
}

/** Settings with every part optional. */
export type ShopifySettingsInput = Partial<Omit<ShopifySettings, 'oauth' | 'webhooks'>> & {
  oauth?: Partial<ShopifySettings['oauth']>;
  webhooks?: Partial<ShopifySettings['webhooks']>;
};

const minute = 60_000;

/** A shop on the Standard plan, and a token and an app for local use. */
export const defaultSettings: ShopifySettings = {
  accessTokens: ['sandbox-token'],
  apiVersion: '2026-10',
  oldestVersion: '2026-01',
  currencyCode: 'EUR',
  bucketPoints: 2_000,
  restorePerSecond: 100,
  maxQueryCost: 1_000,
  searchLagMs: 0,
  tieOrder: 'ascending',
  connectionCap: 25_000,
  grantedScopes: undefined,
  closed: undefined,
  idempotencyMs: 24 * 60 * minute,
  bulkOperations: 5,
  holdBulk: false,
  oauth: {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    accessTokenSeconds: 3_600,
    refreshTokenSeconds: 90 * 24 * 3_600,
  },
  webhooks: {
    retryDelaysMs: [1, 2, 5, 12, 25, 45, 60, 90].map((minutes) => minutes * minute),
    copies: 1,
    order: 'as-happened',
    timeoutMs: 5_000,
  },
};

/** Fills what was not given from `base`, by default the vendor's own values. */
export const completeSettings = (
  input: ShopifySettingsInput = {},
  base: ShopifySettings = defaultSettings,
): ShopifySettings => ({
  ...base,
  ...input,
  oauth: { ...base.oauth, ...input.oauth },
  webhooks: { ...base.webhooks, ...input.webhooks },
});

const checkNames = (value: Record<string, unknown>, known: object): void => {
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(known, name)) continue;
    throw new TypeError(`There is no setting "${name}"; use ${Object.keys(known).join(', ')}.`);
  }
};

const isSettings = (value: unknown): value is ShopifySettingsInput => {
  if (!isRecord(value)) return false;
  checkNames(value, defaultSettings);
  if (isRecord(value.oauth)) checkNames(value.oauth, defaultSettings.oauth);
  if (isRecord(value.webhooks)) checkNames(value.webhooks, defaultSettings.webhooks);
  return true;
};

/** Takes settings that came from outside as JSON. Throws a TypeError with one sentence. */
export const parseSettings = (value: unknown): ShopifySettingsInput => {
  if (isSettings(value)) return value;
  throw new TypeError('Settings must be a JSON object.');
};
