import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, open, type RuntimeEvent, sealSecret } from '../src/index.ts';
import {
  connectionReader,
  type GraphqlOptions,
  type GraphqlTransport,
  graphql,
} from '../src/protocols/graphql/index.ts';
import { testClock } from './support/clock.ts';
import { refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

/** Opens a vendor, and runs what is given over its transport as an operation does. */
const connect = (origin: string, options: Partial<GraphqlOptions> = {}) => {
  const events: RuntimeEvent[] = [];
  let run: (transport: GraphqlTransport) => Promise<unknown> = async () => undefined;
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ graphql: graphql({ url: `${origin}/graphql`, ...options }) }),
    auth: () => bearer(sealSecret('token')),
  });
  const things = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      await run(call.transports.graphql);
      return { id };
    },
  });
  const clock = testClock();
  const live = open(vendor.connector({ resources: { things } }), { clock, events: (event) => void events.push(event) });
  const perform = (given: typeof run) => {
    run = given;
    return live.things.get('1');
  };
  return { perform, events, clock };
};

const answering = (body: unknown, status = 200) => serve((response) => json(response, body, status));
const query = 'query Orders { orders { id } }';

test.each([
  [{ message: 'Cannot query field "note" on type "Order".' }, 'Order.note'],
  [
    {
      message: 'Cannot query field "note" on type "Order". Did you mean "notes"?',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
    'Order.note',
  ],
  [
    {
      message: "Field 'note' doesn't exist",
      path: ['query', 'orders', 'note'],
      extensions: { code: 'undefinedField', typeName: 'Order', fieldName: 'note' },
    },
    'Order.note',
  ],
  [{ message: 'Unknown argument "first" on field "Query.orders".' }, 'Query.orders.first'],
  [{ message: 'Unknown type "OrderInput".' }, 'OrderInput'],
  [{ message: 'Field "note" is not defined by type "OrderInput".' }, 'OrderInput.note'],
])('a document that the schema no longer takes is drift: %o', async (error, name) => {
  const server = await answering({ errors: [error] });
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document: query })));
  expect(refused).toMatchObject({ code: 'schema-drift', attempts: 1 });
  expect(refused.message).toBe(`the vendor's schema does not have '${name}'`);
});

test('a drift that names nothing readable quotes nothing', async () => {
  const extensions = { code: 'undefinedField', typeName: 'alice@example.com', fieldName: 7 };
  const server = await answering({ errors: [{ message: 'alice@example.com', extensions }] });
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document: query })));
  expect(refused.code).toBe('schema-drift');
  expect(JSON.stringify(refused)).not.toContain('alice');
});

test('an error of a field in the answer is no drift, whatever its words', async () => {
  const error = { message: 'Cannot query field "note" on type "Order"', path: ['orders', 0, 'note'] };
  const server = await answering({ data: { orders: null }, errors: [error] });
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document: query })));
  expect(refused.code).toBe('invalid-request');
});

test('partial data is refused where the error is one of the whole call', async () => {
  const errors: [object, string][] = [
    [{ message: 'x' }, 'invalid-request'],
    [{ path: ['a'], extensions: { code: 'THROTTLED' } }, 'rate-limited'],
    [{ path: ['a'], extensions: { code: 'EXPIRED' } }, 'unauthenticated'],
  ];
  const classify: GraphqlOptions['classify'] = ({ code }) =>
    code === 'EXPIRED' ? { code: 'unauthenticated', renew: true } : undefined;
  for (const [error, code] of errors) {
    const server = await answering({ data: { a: null, b: 1 }, errors: [error] });
    const refused = await refusal(
      connect(server.origin, { classify }).perform(({ send }) => send({ document: query, partial: true })),
    );
    expect(refused.code).toBe(code);
  }
});

test('partial data of an answer of an error status is refused', async () => {
  const server = await answering({ data: { a: null }, errors: [{ path: ['a'] }] }, 400);
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document: query, partial: true })));
  expect(refused.code).toBe('invalid-request');
});

test('data unlike its schema after a write that must not be repeated leaves the outcome open', async () => {
  const server = await answering({ data: { addOrder: { id: 7 } } });
  const data = z.object({ addOrder: z.object({ id: z.string() }) });
  const document = 'mutation AddOrder { addOrder { id } }';
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document, data })));
  expect(refused).toMatchObject({ code: 'unknown-outcome', template: '/graphql mutation AddOrder' });
  expect(refused.issues?.[0]?.path).toBe('addOrder.id');
});

test('a parsed document is refused before anything is sent', async () => {
  const server = await answering({ data: {} });
  const tree = { kind: 'Document', definitions: [] };
  const refused = await refusal(connect(server.origin).perform(({ send }) => send({ document: tree })));
  expect(refused).toMatchObject({ code: 'invalid-definition' });
  expect(server.requests).toEqual([]);
});

/** An answer that says what the query cost and how full the bucket is. */
const costing = (requested: number, available: number) => ({
  data: {},
  extensions: {
    cost: {
      requestedQueryCost: requested,
      throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: available, restoreRate: 50 },
    },
  },
});

test('what the bucket holds and what the query costs hold the next one back, before the vendor has to', async () => {
  const server = await serve((response, _request, number) => json(response, costing(400, number === 0 ? 210 : 800)));
  const { perform, events } = connect(server.origin);
  await perform(({ send }) => send({ document: query }));
  await perform(({ send }) => send({ document: query }));
  const waited = events.find(({ type }) => type === 'quota-waited');
  // 400 points and the reserve of 200, of which 210 are there, at 50 a second.
  expect(waited).toMatchObject({ quota: 'default', waitMs: 7_800 });
  expect(server.requests).toHaveLength(2);
});

test('a smaller page is not held back by what a larger one would cost', async () => {
  const server = await serve((response, _request, number) => json(response, costing(number === 0 ? 700 : 5, 300)));
  const { perform, events } = connect(server.origin);
  const document = 'query Orders($first: Int!) { orders(first: $first) { id } }';
  await perform(({ send }) => send({ document, variables: { first: 100 } }));
  await perform(({ send }) => send({ document, variables: { first: 1 } }));
  expect(events.filter(({ type }) => type === 'quota-waited')).toEqual([]);
});

test('a cost that makes no sense is ignored', async () => {
  const cost = { requestedQueryCost: 'many', throttleStatus: { maximumAvailable: -1, currentlyAvailable: null } };
  for (const extensions of [{ cost }, { cost: null }, 'x', null]) {
    const server = await answering({ errors: [{ extensions: { code: 'THROTTLED' } }], extensions });
    const { perform, clock } = connect(server.origin);
    expect((await refusal(perform(({ send }) => send({ document: query })))).code).toBe('rate-limited');
    // Without a stated wait, the one for a vendor that throttles and does not say for how long.
    expect(clock.waits.filter((wait) => wait >= 5_000 && wait < 29_000).length).toBeGreaterThan(0);
  }
});

test('the vendor has the last word on an answer as a whole: by its header, status and body', async () => {
  const server = await serve((response) => json(response, { data: { orders: [] } }, 200, { 'x-version': '2027-01' }));
  const classifyAnswer: GraphqlOptions['classifyAnswer'] = ({ status, headers, body }, failure) => {
    expect([status, failure, body]).toEqual([200, undefined, { data: { orders: [] } }]);
    const version = headers['x-version'];
    return version === '2026-10' ? failure : { code: 'schema-drift', message: `version ${version} answered` };
  };
  const { perform } = connect(server.origin, { classifyAnswer });
  const error = await refusal(perform(({ send }) => send({ document: query })));
  expect([error.code, server.requests.length]).toEqual(['schema-drift', 1]);
  expect(error.message).toContain('version 2027-01 answered');
});

test('a reader of a connection takes the variables of each page, and keeps to the size that the vendor allows', async () => {
  const document = 'query Orders($first: Int!, $after: String, $query: String) { orders { nodes { id } } }';
  const seen: unknown[] = [];
  const server = await serve((response, { body }) => {
    const { variables } = JSON.parse(body);
    seen.push(variables);
    if (variables.first > 2) return json(response, { errors: [{ extensions: { code: 'MAX_COST_EXCEEDED' } }] });
    const pageInfo = { hasNextPage: true, endCursor: 'c1' };
    json(response, { data: { orders: { nodes: [{ id: '1' }, null], pageInfo } } });
  });
  const { perform } = connect(server.origin);
  await perform(async (transport) => {
    const read = connectionReader(transport, { document, connection: 'orders', first: 8, pageSize: 4 });
    const page = await read({ query: 'id:>0' });
    expect(page).toEqual({ records: [{ id: '1' }], notes: [{ kind: 'null-row' }], total: undefined, next: 'c1' });
    await read({ query: 'id:>1' }, 'c1');
  });
  expect(seen).toEqual([
    { query: 'id:>0', first: 4, after: null },
    { query: 'id:>0', first: 2, after: null },
    { query: 'id:>1', first: 2, after: 'c1' },
  ]);
});
