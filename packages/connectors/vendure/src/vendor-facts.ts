import type { ApiFacts } from '@mortise/runtime';

/**
 * Finest step of `updatedAt`, milliseconds. SQLite keeps whole seconds and compares them as text with the filter's
 * milliseconds, so that an equal stamp can fall outside; other databases are finer, and only read a second twice.
 */
export const granularityMs = 1_000;

/** Transactions may commit rows a little after the stamp that they carry, milliseconds. From experience. */
export const lagMs = 2_000;

/** Rows of a list request unless the caller says otherwise. */
export const defaultTake = 100;

/** Vendure refuses more (`apiOptions.adminListQueryLimit`, where the server does not say otherwise). */
export const largestTake = 1_000;

/** What this connector takes for granted about Vendure, as data. */
export const api: ApiFacts = {
  version: '3.7.3',
  // Vendure is installed, not called as a service: it answers as long as its operator runs it.
  sunset: 'none',
  sources: [
    'https://docs.vendure.io/reference/graphql-api/admin/queries',
    'https://docs.vendure.io/reference/typescript-api/configuration/api-options',
    'https://github.com/vendurehq/vendure/releases',
  ],
  limits: [
    {
      name: 'rows of a list request (adminListQueryLimit)',
      value: largestTake,
      unit: 'rows',
      source: 'https://docs.vendure.io/reference/typescript-api/configuration/api-options',
    },
  ],
};
