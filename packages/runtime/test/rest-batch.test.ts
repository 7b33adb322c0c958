import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, isConnectorError, open, sealSecret } from '../src/index.ts';
import { type RestBatch, rest } from '../src/protocols/rest/index.ts';
import { testClock } from './support/clock.ts';
import { json, serve } from './support/server.ts';

const Person = z.looseObject({ id: z.string().optional(), email: z.string().optional() });

/** Upserts records by a batch, and tells each outcome: its record, or its error's code and the vendor's. */
const upsert = async (origin: string, batch: Partial<RestBatch> & Pick<RestBatch, 'outcomes'>, emails: string[]) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: origin }) }),
    auth: () => bearer(sealSecret('token')),
  });
  const people = vendor.resource({
    record: Person,
    key: 'id',
    changes: 'none',
    upsert: rest.batch({ path: 'people/batch', max: 3, effect: 'external-id', key: 'email', ...batch }),
  });
  const live = open(vendor.connector({ resources: { people } }), { clock: testClock(), events: () => {} });
  const outcomes = await live.people.upsert(emails.map((email) => ({ email })));
  return outcomes.map((outcome) =>
    outcome.ok ? outcome.record : [outcome.error.code, outcome.error.vendorCode].filter(Boolean),
  );
};

test('records go out in requests of the vendor size, as the body that the author makes of them', async () => {
  const server = await serve((response, { body }) => json(response, JSON.parse(body).inputs, 201));
  const batch = {
    outcomes: { match: 'order' },
    request: (inputs: readonly unknown[]) => ({ body: { inputs } }),
  } as const;
  const outcomes = await upsert(server.origin, batch, ['a', 'b', 'c', 'd']);
  expect(outcomes).toEqual([{ email: 'a' }, { email: 'b' }, { email: 'c' }, { email: 'd' }]);
  expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
    { inputs: [{ email: 'a' }, { email: 'b' }, { email: 'c' }] },
    { inputs: [{ email: 'd' }] },
  ]);
});

test('entries that name their place belong there, and one of a status of 400 or more is that failure', async () => {
  const server = await serve((response) =>
    json(
      response,
      {
        items: [
          { at: 2, status: 409 },
          { at: 0, status: 201, id: '7' },
          { at: 1, status: 429 },
        ],
      },
      207,
    ),
  );
  const outcomes = { items: ['items'], match: { index: 'at' } };
  expect(await upsert(server.origin, { outcomes }, ['a', 'b', 'c'])).toEqual([
    { at: 0, status: 201, id: '7' },
    ['rate-limited'],
    ['conflict'],
  ]);
});

test('entries of two lists are matched by a key, and read as the author says', async () => {
  const server = await serve((response) =>
    json(response, { done: [{ mail: 'b', is: { id: '2' } }], failed: [{ mail: 'a', why: 'BAD_MAIL' }] }, 207),
  );
  const read = (entry: unknown) => {
    const { is, why } = z.object({ is: z.unknown().optional(), why: z.string().optional() }).parse(entry);
    return why === undefined ? { record: is } : { failure: { code: 'invalid-record', vendorCode: why } as const };
  };
  const outcomes = { items: ['done', 'failed'], match: { sent: 'email', answered: 'mail' }, read };
  expect(await upsert(server.origin, { outcomes }, ['a', 'b'])).toEqual([['invalid-record', 'BAD_MAIL'], { id: '2' }]);
});

test('a record that the answer says nothing about is of unknown outcome, never taken for written', async () => {
  const server = await serve((response) => json(response, { items: [{ at: 1, id: '7' }, { at: 'x' }, {}] }));
  const outcomes = { items: ['items'], match: { index: 'at' } };
  expect(await upsert(server.origin, { outcomes }, ['a', 'b'])).toEqual([['unknown-outcome'], { at: 1, id: '7' }]);
});

test('by order alone, entries fewer or more than the records tell nothing about any of them', async () => {
  for (const entries of [[{ id: '1' }], [{ id: '1' }, { id: '2' }, { id: '3' }]]) {
    const server = await serve((response) => json(response, entries));
    const outcomes = await upsert(server.origin, { outcomes: { match: 'order' } }, ['a', 'b']);
    expect(outcomes).toEqual([['unknown-outcome'], ['unknown-outcome']]);
  }
});

test('two entries for one record contradict each other: its outcome is unknown', async () => {
  const server = await serve((response) => json(response, [{ at: 0, status: 200 }, { at: 0, status: 500 }, { at: 1 }]));
  expect(await upsert(server.origin, { outcomes: { match: { index: 'at' } } }, ['a', 'b'])).toEqual([
    ['unknown-outcome'],
    { at: 1 },
  ]);
});

test('after a write that must not be repeated, an answer without the list leaves every outcome unknown', async () => {
  const server = await serve((response) => json(response, { accepted: true }));
  const batch = { effect: 'unsafe', outcomes: { items: ['items'], match: 'order' } } as const;
  expect(await upsert(server.origin, batch, ['a', 'b'])).toEqual([['unknown-outcome'], ['unknown-outcome']]);
});

test('an answer without the list of outcomes fails the batch', async () => {
  const server = await serve((response) => json(response, { items: 'none' }));
  const outcomes = { items: ['items'], match: 'order' } as const;
  const thrown: unknown = await upsert(server.origin, { outcomes }, ['a']).catch((error: unknown) => error);
  expect(isConnectorError(thrown) && thrown.code).toBe('unexpected-content');
});
