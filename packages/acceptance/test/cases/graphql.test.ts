import { defineVendor, isConnectorError, open, type RuntimeEvent, sealSecret } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import {
  type ConnectionList,
  document,
  type GraphqlAnswer,
  type GraphqlOptions,
  type GraphqlTransport,
  graphql,
} from '@mortise/runtime/graphql';
import { createGraphQLError } from 'graphql-yoga';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { serveReplies } from '../support/json-server.ts';
import { Row, upTo, walk } from '../support/paged-vendor.ts';
import { connectionOf, startYogaShop } from '../support/yoga-shop.ts';

/** Opens a vendor with one list, and one operation that may send anything. */
const openShop = (url: string, list: ConnectionList, options: Partial<GraphqlOptions> = {}) => {
  const events: RuntimeEvent[] = [];
  const sending: { run: (transport: GraphqlTransport) => Promise<unknown>; answer: unknown } = {
    run: async () => undefined,
    answer: undefined,
  };
  const vendor = defineVendor({
    id: 'shop',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ graphql: graphql({ url, ...options }) }),
    auth: () => bearer(sealSecret('a-token')),
  });
  const orders = vendor.resource({
    record: Row,
    key: 'id',
    changes: 'none',
    list: graphql.connection(list),
    get: async (call, id) => {
      sending.answer = await sending.run(call.transports.graphql);
      return { id };
    },
  });
  const live = open(vendor.connector({ resources: { orders } }), {
    limits: { backoffBaseMs: 1, backoffCapMs: 2, attempts: 3 },
    events: (event) => void events.push(event),
  }).orders;
  /** What a run over the transport gives, as an operation of the vendor. */
  const send = async <Value>(run: (transport: GraphqlTransport) => Promise<Value>): Promise<Value> => {
    let value: { readonly of: Value } | undefined;
    sending.run = async (transport) => {
      value = { of: await run(transport) };
    };
    await live.get('1');
    if (value === undefined) throw new Error('the operation did not run');
    return value.of;
  };
  return { list: live.list, send, events };
};

const failure = async (promise: Promise<unknown>) => {
  const thrown: unknown = await promise.catch((error: unknown) => error);
  if (isConnectorError(thrown)) return thrown;
  throw new Error('no ConnectorError was thrown', { cause: thrown });
};

const typeDefs = /* GraphQL */ `
  type Query { orders(first: Int!, after: String): Orders!, order(id: ID!): Order, shop: Shop! }
  type Mutation { addOrder: Order! }
  type Shop { name: String! }
  type Orders { edges: [Edge], pageInfo: PageInfo! }
  type Edge { node: Order }
  type Order { id: ID!, note: String, customer: Customer, lines(first: Int!, after: String): Lines }
  type Customer { id: ID! }
  type Lines { edges: [LineEdge], pageInfo: PageInfo! }
  type LineEdge { node: Line }
  type Line { sku: String! }
  type PageInfo { hasNextPage: Boolean!, endCursor: String }
`;

const ordersDocument = document(/* GraphQL */ `
  query Orders($first: Int!, $after: String) {
    orders(first: $first, after: $after) { edges { node { id note } } pageInfo { hasNextPage endCursor } }
  }
`);
const orders: ConnectionList = { document: ordersDocument, connection: 'orders', key: 'id' };

const rowsOf = (count: number) => upTo(count).map((id) => ({ id: String(id), note: null }));
const shopOf = (rows: readonly unknown[]) => ({
  Query: {
    shop: () => ({ name: 'Acme' }),
    orders: (_root: unknown, page: { first: number; after?: string }) => connectionOf(rows, page),
    order: (_root: unknown, { id }: { id: string }) => ({ id }),
  },
});
const texts = (count: number) => upTo(count).map(String);

test('case 24: an answer of status 200 that holds errors is a failure, whatever its data', async () => {
  for (const data of [undefined, null, { orders: null }]) {
    const server = await serveReplies(() => ({
      body: { data, errors: [{ message: 'no', extensions: { code: 'X' } }] },
    }));
    const { error, pages } = await walk(openShop(`${server.origin}/graphql`, orders).list);
    expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'X', operation: 'orders.list' });
    expect(pages).toEqual([]);
  }
});

/** A shop whose customers cannot be read, of every third order. */
const shopWithoutCustomers = () =>
  startYogaShop({
    typeDefs,
    resolvers: {
      ...shopOf(rowsOf(4)),
      Order: {
        customer: ({ id }: { id: string }) => {
          if (id === '3') throw createGraphQLError('denied', { extensions: { code: 'ACCESS_DENIED' } });
          return id === '2' ? null : { id: `c${id}` };
        },
      },
    },
  });

const withCustomers: ConnectionList = {
  ...orders,
  document: `query Orders($first: Int!, $after: String) { orders(first: $first, after: $after) {
    edges { node { id customer { id } } } pageInfo { hasNextPage endCursor } } }`,
};

test('case 75: partial data is an error that names the field, and none of its nulls reaches anybody', async () => {
  const shop = await shopWithoutCustomers();
  const { error, pages } = await walk(openShop(shop.url, withCustomers).list);
  expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'ACCESS_DENIED' });
  expect(error?.message).toContain('orders.edges.2.node.customer');
  expect(pages).toEqual([]);
});

test('case 75: whoever takes partial data gets what failed as absent and noted, and a true null as null', async () => {
  const shop = await shopWithoutCustomers();
  const walked = await walk(openShop(shop.url, { ...withCustomers, partial: true }).list);
  expect(walked.error).toBeUndefined();
  expect(walked.pages[0]?.records).toEqual([
    { id: '1', customer: { id: 'c1' } },
    { id: '2', customer: null },
    { id: '3' },
    { id: '4', customer: { id: 'c4' } },
  ]);
  expect(walked.notes).toEqual([{ kind: 'incomplete', key: '3' }]);
});

test('case 75: a partial answer names the fields that are not known', async () => {
  const shop = await shopWithoutCustomers();
  const { send } = openShop(shop.url, orders);
  const text = 'query Four { orders(first: 3) { edges { node { customer { id } } } } }';
  const answer: GraphqlAnswer = await send((transport) => transport.send({ document: text, partial: true }));
  expect(answer.unknown).toEqual(['orders.edges.2.node.customer']);
  expect(answer.data).toEqual({
    orders: { edges: [{ node: { customer: { id: 'c1' } } }, { node: { customer: null } }, { node: {} }] },
  });
});

test('case 76: a throttled query waits as long as its bucket needs, and is sent again', async () => {
  const costs = { maximumPerQuery: 1_000, maximumAvailable: 200, available: 10, restoreRate: 2_000 };
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rowsOf(150)), costs });
  const { list, events } = openShop(shop.url, { ...orders, first: 100 });
  const { ids, error } = await walk(list);
  expect(error).toBeUndefined();
  expect(ids).toEqual(texts(150));
  expect(shop.seen[0]).toMatchObject({ variables: { first: 100 }, refused: 'THROTTLED' });
  const waited = events.find((event) => event.type === 'attempt-failed');
  // 102 points less the 10 that are there, at 2,000 a second: 46 ms. Without the status it would be 5 seconds.
  expect(waited).toMatchObject({ code: 'rate-limited', attempt: 1 });
  expect(waited?.type === 'attempt-failed' && waited.waitMs).toBeGreaterThanOrEqual(40);
  expect(waited?.type === 'attempt-failed' && waited.waitMs).toBeLessThan(60);
});

test('case 76: a wait that is too long to be slept names the time at which to go on', async () => {
  const costs = { maximumPerQuery: 1_000, maximumAvailable: 1_000, available: 2, restoreRate: 1 };
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rowsOf(5)), costs });
  const before = Date.now();
  const { error } = await walk(openShop(shop.url, orders).list);
  expect(error?.code).toBe('rate-limited');
  expect(error?.resumeAt).toBeGreaterThanOrEqual(before + 99_000);
  expect(shop.seen).toHaveLength(1);
});

test('case 77: a page that costs more than a query may is asked for again at half its size', async () => {
  const costs = { maximumPerQuery: 30, maximumAvailable: 1e6, available: 1e6, restoreRate: 1e6 };
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rowsOf(60)), costs });
  const { ids, error } = await walk(openShop(shop.url, { ...orders, first: 100 }).list);
  expect(error).toBeUndefined();
  expect(ids).toEqual(texts(60));
  expect(shop.seen.map(({ variables }) => variables.first)).toEqual([100, 50, 25, 25, 25]);
});

test('case 77: a query that no bucket will ever hold is made smaller and not waited for', async () => {
  const costs = { maximumPerQuery: 1e6, maximumAvailable: 40, available: 40, restoreRate: 1e6 };
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rowsOf(30)), costs });
  const { ids } = await walk(openShop(shop.url, { ...orders, first: 60 }).list);
  expect(ids).toEqual(texts(30));
  expect(shop.seen.map(({ variables }) => variables.first)).toEqual([60, 30]);
});

test('case 77: one record that costs too much is the end of halving', async () => {
  const costs = { maximumPerQuery: 2, maximumAvailable: 1e6, available: 1e6, restoreRate: 1e6 };
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rowsOf(3)), costs });
  const { error } = await walk(openShop(shop.url, { ...orders, first: 4 }).list);
  expect(error).toMatchObject({ code: 'too-large', vendorCode: 'MAX_COST_EXCEEDED' });
  expect(shop.seen.map(({ variables }) => variables.first)).toEqual([4, 2, 1]);
});

test('case 78: a field that the schema has lost is drift and named, and other calls go on', async () => {
  const shop = await startYogaShop({ typeDefs: typeDefs.replace('note: String,', ''), resolvers: shopOf(rowsOf(3)) });
  const { list, send } = openShop(shop.url, orders);
  const { error } = await walk(list);
  expect(error).toMatchObject({ code: 'schema-drift', attempts: 1, template: '/graphql query Orders' });
  expect(error?.message).toContain("'Order.note'");
  const { data } = await send((transport) => transport.send({ document: 'query Shop { shop { name } }' }));
  expect(data).toEqual({ shop: { name: 'Acme' } });
});

test('case 78: data unlike its schema is drift with the place and not the value', async () => {
  const shop = await startYogaShop({
    typeDefs: typeDefs.replace('name: String!', 'name: Int!'),
    resolvers: { Query: { shop: () => ({ name: 4711 }) } },
  });
  const { send } = openShop(shop.url, orders);
  const data = z.object({ shop: z.object({ name: z.string() }) });
  const error = await failure(send((transport) => transport.send({ document: 'query Shop { shop { name } }', data })));
  expect(error).toMatchObject({ code: 'schema-drift', template: '/graphql query Shop' });
  expect(error.issues?.map(({ path }) => path)).toEqual(['shop.name']);
  expect(JSON.stringify(error)).not.toContain('4711');
});

test('case 79: null edges and edges of null are left out, noted, and no deletions', async () => {
  const rows = [{ id: '1', note: null }, null, { id: '2', note: null }];
  const shop = await startYogaShop({ typeDefs, resolvers: shopOf(rows) });
  const walked = await walk(openShop(shop.url, orders).list);
  expect(walked.error).toBeUndefined();
  expect(walked.ids).toEqual(['1', '2']);
  expect(walked.notes).toEqual([{ kind: 'null-row' }]);
});

test('case 79: a connection that leads back to a page already read fails', async () => {
  const shop = await startYogaShop({
    typeDefs,
    resolvers: {
      Query: {
        orders: (_root: unknown, { after }: { after?: string }) => ({
          edges: [{ node: { id: after ?? '0' } }],
          pageInfo: { hasNextPage: true, endCursor: after === 'b' ? 'a' : after === 'a' ? 'b' : 'a' },
        }),
      },
    },
  });
  const { error, ids } = await walk(openShop(shop.url, orders).list);
  expect(error).toMatchObject({ code: 'unexpected-content' });
  expect(ids).toEqual(['0', 'a']);
  expect(shop.seen).toHaveLength(3);
});

/** Orders of 250 lines each. */
const shopOfLines = () => {
  const lines = upTo(250).map((number) => ({ sku: `s${number}` }));
  const lineConnection = (_order: unknown, page: { first: number; after?: string }) => connectionOf(lines, page);
  return startYogaShop({ typeDefs, resolvers: { ...shopOf(rowsOf(2)), Order: { lines: lineConnection } } });
};

const lineFields = 'edges { node { sku } } pageInfo { hasNextPage endCursor }';
const ordersWithLines: ConnectionList = {
  ...orders,
  document: `query Orders($first: Int!, $after: String) { orders(first: $first, after: $after) {
    edges { node { id lines(first: 100) { ${lineFields} } } } pageInfo { hasNextPage endCursor } } }`,
  nested: [
    {
      at: 'lines',
      document: `query Lines($id: ID!, $first: Int!, $after: String) {
        order(id: $id) { lines(first: $first, after: $after) { ${lineFields} } } }`,
      connection: 'order.lines',
    },
  ],
};

test('case 79: connections within records are read to their end', async () => {
  const shop = await shopOfLines();
  const { pages, error } = await walk(openShop(shop.url, ordersWithLines).list);
  expect(error).toBeUndefined();
  const nodes = upTo(250).map((number) => ({ sku: `s${number}` }));
  const lines = { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
  expect(pages[0]?.records).toEqual([
    { id: '1', lines },
    { id: '2', lines },
  ]);
  expect(shop.seen.map(({ operation }) => operation)).toEqual(['Orders', 'Lines', 'Lines', 'Lines', 'Lines']);
});

test('case 79: a connection within a record that is longer than its bound fails instead of filling the memory', async () => {
  const shop = await shopOfLines();
  const nested = (ordersWithLines.nested ?? []).map((each) => ({ ...each, most: 150 }));
  const { error } = await walk(openShop(shop.url, { ...ordersWithLines, nested }).list);
  expect(error).toMatchObject({ code: 'too-large' });
  expect(error?.message).toContain("'lines'");
  expect(shop.seen).toHaveLength(2);
});
