import type { ApiFacts } from '@mortise/runtime';

/** Records of one list request. The server's own cap, `QUERY_LIMIT_MAX`, is off unless its operator sets it. */
export const listPage = 500;

/** Entries of one request to the activity log; the rows behind them are looked up by a URL. */
export const activityPage = 100;

/** Characters of the values in one look-up's URL, percent-encoded. */
export const lookUpCharacters = 8_000;

/** Records of one upsert; each is a request of its own behind one common look-up, whose URL bounds it. */
export const upsertBatch = 50;

/**
 * `date-created` and `date-updated` are stamped by the server in milliseconds. An older database, or SQL by hand, may
 * keep whole seconds.
 */
export const granularityMs = 1_000;

/** A transaction commits its rows a little after the stamp that they carry, milliseconds. From experience. */
export const lagMs = 2_000;

/** What this connector takes for granted about Directus, as data. */
export const api: ApiFacts = {
  version: '12.4.0',
  // Directus is installed, not called as a service: it answers as long as its operator runs it.
  sunset: 'none',
  sources: [
    'https://docs.directus.io/reference/introduction.html',
    'https://docs.directus.io/guides/real-time/subscriptions/graphql.html',
    'https://github.com/directus/directus/releases',
  ],
  limits: [
    { name: 'records of a list request, as this connector asks', value: listPage, unit: 'records' },
    { name: 'entries of a request to the activity log, as this connector asks', value: activityPage, unit: 'entries' },
    { name: 'records of an upsert, as this connector asks', value: upsertBatch, unit: 'records' },
    { name: 'default life of an access token (ACCESS_TOKEN_TTL)', value: 900_000, unit: 'ms' },
    { name: 'default rate limit, where RATE_LIMITER_ENABLED is set', value: 50, unit: 'requests per second and IP' },
  ],
};
