// Mortise with everything on: validation of both sides, two mappings through a model, links with encrypted
// read-backs, journal, checkpoint, retries, limits, events.
import { randomBytes } from 'node:crypto';
import { defineVendor, type ItemOutcome, isoInstant, open, readField, secret } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { mapping } from '@mortise/runtime/mapping';
import { rest } from '@mortise/runtime/rest';
import { openStore } from '@mortise/store';
import { defineSync, runSync } from '@mortise/sync';
import { z } from 'zod';
import { DestinationRecord, pageSize, SourceRecord } from './records.ts';

/** The model between the two. */
const Person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  city: z.string(),
});

const PersonWithStamp = Person.extend({ updatedAt: z.date() });

const acme = defineVendor({
  id: 'acme',
  settings: z.strictObject({ url: z.url() }),
  credentials: z.strictObject({ token: secret() }),
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});

const customers = acme.resource({
  record: SourceRecord,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs: 1, lagMs: 0 },
  mapping: mapping(SourceRecord, PersonWithStamp, {
    id: { from: 'id', access: 'read' },
    email: { from: 'email', access: 'read' },
    name: { compute: ({ firstName, lastName }) => `${firstName} ${lastName}`, uses: ['firstName', 'lastName'] },
    phone: { from: 'phone', access: 'read' },
    city: { from: 'city', access: 'read' },
    updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
  }),
  list: rest.list({ path: 'customers', items: 'results', next: 'next', cursor: 'after' }),
});

const people = acme.resource({
  record: DestinationRecord,
  key: 'id',
  changes: 'none',
  mapping: mapping(DestinationRecord, Person, {
    id: { from: 'id', access: 'read' },
    email: 'email',
    name: 'name',
    phone: 'phone',
    city: 'town',
  }),
  upsert: {
    effect: 'external-id',
    key: 'email',
    max: pageSize,
    run: async (call, records) => {
      const answer = await call.transports.rest.send({
        ...{ method: 'POST', path: 'batch', body: { inputs: records }, effect: 'external-id' },
      });
      const results = readField(answer.body, 'results');
      const rows: unknown[] = Array.isArray(results) ? results : [];
      return rows.map((record): ItemOutcome<unknown> => ({ ok: true, record, created: true }));
    },
  },
});

const connector = acme.connector({ resources: { customers, people } });

/** Moves all records. Gives how many were written. */
export const mortiseRun = async (url: string, path: string): Promise<number> => {
  const store = await openStore({ path, key: randomBytes(32) });
  const shop = open(connector, { settings: { url }, credentials: { token: 'a token' } });
  const sync = defineSync({ name: 'customers', from: shop.customers, to: shop.people });
  const { created, deadLetters } = await runSync(sync, { store });
  await store.close();
  return created + deadLetters;
};
