import { type ConnectionOptions, defineVendor, type ItemOutcome, open, readField, secret } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { mapping } from '@mortise/runtime/mapping';
import { rest } from '@mortise/runtime/rest';
import { z } from 'zod';

/** A vendor with settings and credentials of its own, for tests of what a host may give. */
export const peopleVendor = defineVendor({
  id: 'people',
  settings: z.strictObject({ url: z.url(), region: z.enum(['eu', 'us']).default('eu') }),
  credentials: z.strictObject({ token: secret() }),
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});

/** A person on the wire; unknown keys are kept. */
export const Person = z.looseObject({
  id: z.union([z.string(), z.number()]),
  updatedAt: z.string(),
  name: z.string(),
  score: z.number().nullable(),
  state: z.enum(['active', 'closed']),
  note: z.string().optional(),
});
/** See the schema of the same name. */
export type Person = z.output<typeof Person>;

const PersonModel = z.object({
  name: z.string(),
  score: z.number().nullable(),
  state: z.enum(['active', 'closed']),
  note: z.string().optional(),
});

const personMapping = mapping(Person, PersonModel, { name: 'name', score: 'score', state: 'state', note: 'note' });

const changes = { field: 'updatedAt', granularityMs: 1, lagMs: 0 } as const;

const outcomesOf = (body: unknown): readonly ItemOutcome<unknown>[] => {
  const results = readField(body, 'results');
  return Array.isArray(results) ? results.map((record) => ({ ok: true, record })) : [];
};

/** People that are listed, and upserted by name. */
export const people = peopleVendor.resource({
  record: Person,
  key: 'id',
  changes,
  mapping: personMapping,
  list: rest.list({
    path: 'people',
    items: 'rows',
    next: 'next',
    cursor: 'after',
    query: ({ since }) => ({ since: since?.toISOString() }),
  }),
  upsert: {
    effect: 'external-id',
    key: 'name',
    max: 100,
    run: async ({ transports }, records) => {
      const request = { method: 'POST', path: 'people', body: { records }, effect: 'external-id' } as const;
      return outcomesOf((await transports.rest.send(request)).body);
    },
  },
});

/** The connector of that vendor. */
export const peopleConnector = peopleVendor.connector({ resources: { people } });

/** An open connection to a server that plays the vendor; nothing is printed. */
export const openPeople = (url: string, options: ConnectionOptions = {}) =>
  open(peopleConnector, { events: () => {}, ...options, settings: { url }, credentials: { token: 'a-token' } });

/** A person as the vendor sends one. */
export const person = (id: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id, updatedAt: '2026-11-23T12:00:00Z', name: `Person ${id}`, score: 1, state: 'active' },
  ...rest,
});
