import { converter, isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { rest } from '@mortise/runtime/rest';
import { z } from 'zod';
import { api, auth, credentials, permissions, ThingWire } from '../reference/connector.ts';
import { variation } from './variation.ts';

const shared = {
  name: 'name',
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'changedAt', as: isoInstant, access: 'read' },
} as const;

const Thing = z.object({ id: z.string(), name: z.string(), createdAt: z.date(), updatedAt: z.date() });

const shouted = converter('in capitals', {
  decode: (text: string) => text.toUpperCase(),
  encode: (text: string) => text,
});

const { get: _get, ...withoutGet } = permissions;

/** Broken in what they declare. */
export const brokenDefinitions = {
  'operations-work': () =>
    variation({
      operations: {
        update: { effect: 'idempotent', run: () => Promise.reject(new Error('not implemented')) },
      },
    }),
  'api-facts-stated': () => variation({ vendor: { api: undefined } }),
  'api-in-service': () => variation({ vendor: { api: { ...api, sunset: '2026-01-31' } } }),
  'permissions-declared': () => variation({ description: { permissions: withoutGet } }),
  'permissions-not-more': () => variation({ description: { permissions: { ...permissions, backfill: ['all'] } } }),
  'settings-strict': () => variation({ vendor: { settings: z.object({ baseUrl: z.url() }) } }),
  'credentials-strict': () => variation({ vendor: { credentials: z.object(credentials.shape), auth } }),
  'plain-http-refused': () =>
    variation({
      vendor: {
        // "Surely they meant https": the host is asked although the setting says otherwise.
        transports: ({ baseUrl }: { baseUrl: string }) => ({
          rest: rest({ baseUrl: baseUrl.replace('http://vendor', 'https://vendor') }),
        }),
      },
    }),
  'mapping-laws': () =>
    variation({
      description: {
        mapping: mapping(ThingWire, Thing, {
          ...shared,
          id: { from: 'id', access: 'read' },
          name: { from: 'name', as: shouted },
        }),
      },
    }),
  'nothing-is-not-nought': () =>
    variation({
      description: {
        mapping: mapping(ThingWire, Thing.extend({ price: z.number() }), {
          ...shared,
          id: { from: 'id', access: 'read' },
          price: { compute: ({ price }) => Number(price ?? 0), uses: ['price'] },
        }),
      },
    }),
  'ids-and-stamps-read-only': () =>
    variation({ description: { mapping: mapping(ThingWire, Thing, { ...shared, id: 'id' }) } }),
};
