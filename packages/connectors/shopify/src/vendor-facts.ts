import type { ApiFacts } from '@mortise/runtime';

/** The version of the Admin API that this connector calls. */
export const apiVersion = '2026-10';

const limitsPage = 'https://shopify.dev/docs/api/usage/limits';
const pagingPage = 'https://shopify.dev/docs/api/usage/pagination-graphql';

/** Limits of the Admin API that the code counts on. */
export const limits = {
  /** Points that the bucket of a Standard plan holds; the true number is learned from answers. */
  bucketPoints: 2_000,
  /** Points that come back in a second on a Standard plan: 200 on Advanced, 1,000 on Plus. */
  restorePerSecond: 100,
  /** Most points of one query, whatever the plan. */
  queryPoints: 1_000,
  /** Most records of one page. */
  page: 250,
  /** Objects beyond this one cannot be paged to in one connection. */
  pagedObjects: 25_000,
} as const;

/**
 * How long after a change the search behind `query:` may still miss it, milliseconds. Shopify calls its index
 * eventually consistent and names no time: 30 s is from experience, not from a document.
 */
export const searchLagMs = 30_000;

/** `updated_at` is kept and filtered in whole seconds, milliseconds. */
export const granularityMs = 1_000;

/** Version, end and limits of the Admin API. A version is answered for twelve months at least. */
export const api: ApiFacts = {
  version: apiVersion,
  sunset: '2027-10-01',
  sources: ['https://shopify.dev/docs/api/usage/versioning', limitsPage, pagingPage],
  limits: [
    { name: 'bucket of a Standard plan', value: limits.bucketPoints, unit: 'points', source: limitsPage },
    { name: 'restored per second on a Standard plan', value: limits.restorePerSecond, unit: 'points' },
    { name: 'one query', value: limits.queryPoints, unit: 'points', source: limitsPage },
    { name: 'page of a connection', value: limits.page, unit: 'records', source: pagingPage },
    { name: 'paging of one connection', value: limits.pagedObjects, unit: 'records', source: limitsPage },
  ],
};
