import { settingsReader } from '@mortise/testing';

/** What the vendor's documents leave open, or what differs by shop. Legend: [V] read, [M] memory. */
export type ShopifySettings = {
  /** Tokens taken in `X-Shopify-Access-Token`, as a custom app has one. */
  accessTokens: readonly string[];
  /** Domain of the shop, in webhooks and answers. */
  shopDomain: string;
  /** Currency of the shop. */
  currencyCode: string;
  /** `open`; `frozen` answers 402, `locked` 423, `inactive` HTTP 200 with SHOP_INACTIVE. [V] */
  account: 'open' | 'frozen' | 'locked' | 'inactive';
  /** Scopes of every token; an absent one answers ACCESS_DENIED. Undefined grants all. [V] */
  grantedScopes: readonly string[] | undefined;
  /** Versions that are answered, oldest first; another one falls forward to the oldest. [V] */
  supportedVersions: readonly string[];
  /** Points that come back in a second: 100 Standard, 200 Advanced, 1000 Plus, 2000 enterprise. [V] */
  restorePerSecond: number;
  /** Size of the bucket: 2000 at 100 a second [V], 20,000 for Plus [M]. */
  bucketPoints: number;
  /** Most points of one query. [V] */
  maxQueryCost: number;
  /** Code of the error for a query that is too dear. [M] */
  tooDearCode: string;
  /** Types whose objects cost nothing. [V] for PageInfo, [M] for the others. */
  freeTypes: readonly string[];
  /** Largest page, a count of objects. [V] */
  maxPage: number;
  /** Number of objects after which a connection ends. [V] */
  pagedObjects: number;
  /** Milliseconds by which searches lag behind writes. [M] */
  searchLagMs: number;
  /** Whether inventory writes of version 2026-04 and later need `@idempotent` and `changeFromQuantity`. [V] */
  requireIdempotency: boolean;
  /** Code of the top-level error for a missing `@idempotent` or `changeFromQuantity`. [M] */
  missingKeyCode: string;
  /** Hours for which an idempotency key is kept. [M] */
  idempotencyHours: number;
  /** Milliseconds that a bulk operation runs. [M] */
  bulkOperationMs: number;
  /** Number of bulk operations that a shop runs at once: 5 since 2026-01. [V] */
  bulkOperationsAtOnce: number;
  /** Makes every bulk operation fail with this code (ACCESS_DENIED, INTERNAL_SERVER_ERROR, TIMEOUT); '' for none. [V] */
  bulkFailure: string;
  /** Days for which the file of a bulk operation is kept. [V] */
  bulkFileDays: number;
  /** Waits before each retry of a webhook, in seconds: 8 in 4 hours [V], spread as here [M]. */
  webhookRetrySeconds: readonly number[];
  /** Milliseconds after which an unanswered delivery counts as failed. [V] */
  webhookTimeoutMs: number;
  /** Further deliveries of each event, with the same Event-Id. [V] that they occur */
  webhookDuplicates: number;
  /** `reversed` delivers what was waiting last first. [V] that no order is kept */
  webhookOrder: 'sent' | 'reversed';
  oauth: {
    clientId: string;
    /** Secret of the app: signs webhooks and callbacks too. */
    clientSecret: string;
    /** Seconds that an expiring offline token lives. [V] */
    accessTokenSeconds: number;
    /** Seconds that a token by client credentials lives. [V] */
    clientCredentialsSeconds: number;
    /** Days that a refresh token lives. [V] */
    refreshTokenDays: number;
    /** Days from its first use for which a replaced refresh token still works, if its replacement is unused. [V] */
    refreshGraceDays: number;
  };
};

/** Settings with every part optional. */
export type ShopifySettingsInput = Partial<Omit<ShopifySettings, 'oauth'>> & {
  oauth?: Partial<ShopifySettings['oauth']>;
};

const minutes = [1, 2, 4, 8, 16, 32, 64, 113];

/** The documented limits of a Standard plan, and a token and client for local use. */
export const defaultSettings: ShopifySettings = {
  accessTokens: ['sandbox-token'],
  shopDomain: 'sandbox.myshopify.com',
  currencyCode: 'EUR',
  account: 'open',
  grantedScopes: undefined,
  supportedVersions: ['2026-01', '2026-04', '2026-07', '2026-10'],
  restorePerSecond: 100,
  bucketPoints: 2000,
  maxQueryCost: 1000,
  tooDearCode: 'MAX_COST_EXCEEDED',
  freeTypes: ['PageInfo'],
  maxPage: 250,
  pagedObjects: 25_000,
  searchLagMs: 0,
  requireIdempotency: true,
  missingKeyCode: 'BAD_REQUEST',
  idempotencyHours: 24,
  bulkOperationMs: 0,
  bulkOperationsAtOnce: 5,
  bulkFailure: '',
  bulkFileDays: 7,
  webhookRetrySeconds: minutes.map((each) => each * 60),
  webhookTimeoutMs: 5000,
  webhookDuplicates: 0,
  webhookOrder: 'sent',
  oauth: {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    accessTokenSeconds: 3600,
    clientCredentialsSeconds: 86_399,
    refreshTokenDays: 90,
    refreshGraceDays: 30,
  },
};

/** Fills what was not given from `base`, by default the vendor's own values. */
export function completeSettings(
  input: ShopifySettingsInput = {},
  base: ShopifySettings = defaultSettings,
): ShopifySettings {
  return { ...base, ...input, oauth: { ...base.oauth, ...input.oauth } };
}

const words = {
  account: ['open', 'frozen', 'locked', 'inactive'],
  webhookOrder: ['sent', 'reversed'],
};

/** Takes settings that came from outside as JSON. Throws a TypeError with one sentence. */
export const parseSettings = settingsReader<ShopifySettingsInput>(defaultSettings, words);
