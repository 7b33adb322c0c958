import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { type Auth, defineVendor, open, type RuntimeEvent, sealSecret } from '../src/index.ts';
import {
  type GraphqlAnswer,
  type GraphqlOptions,
  type GraphqlRequest,
  graphql,
} from '../src/protocols/graphql/index.ts';
import { testClock } from './support/clock.ts';
import { refusal } from './support/connection.ts';
import { json, type SeenRequest, serve } from './support/server.ts';

/** A connector whose one operation sends any document, opened. */
const connect = (
  origin: string,
  options: Partial<GraphqlOptions> = {},
  auth: Auth<unknown> = bearer(sealSecret('token')),
) => {
  const events: RuntimeEvent[] = [];
  let request: GraphqlRequest = { document: '' };
  let answer: GraphqlAnswer | undefined;
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ graphql: graphql({ url: `${origin}/graphql`, ...options }) }),
    auth: () => auth,
  });
  const things = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      answer = await call.transports.graphql.send(request);
      return { id };
    },
  });
  const clock = testClock();
  const live = open(vendor.connector({ resources: { things } }), { clock, events: (event) => void events.push(event) });
  const send = async (given: GraphqlRequest) => {
    request = given;
    await live.things.get('1');
    return answer;
  };
  return { send, events, clock };
};

const query = 'query Shop { shop { name } }';
const mutation = 'mutation AddOrder($input: OrderInput!) { addOrder(input: $input) { id } }';
const bodyOf = (request: SeenRequest | undefined): unknown => JSON.parse(request?.body ?? 'null');

test('a document goes out with its variables and the name of its operation', async () => {
  const server = await serve((response) => json(response, { data: { shop: { name: 'x' } } }));
  const { send, events } = connect(server.origin);
  expect((await send({ document: query, variables: { first: 1 } }))?.data).toEqual({ shop: { name: 'x' } });
  expect(bodyOf(server.requests[0])).toEqual({ query, variables: { first: 1 }, operationName: 'Shop' });
  expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/graphql' });
  expect(events).toMatchObject([{ type: 'call-succeeded', template: '/graphql query Shop', operation: 'things.get' }]);
});

test('errors in a 200 are a failure, also beside partial data, and are not quoted', async () => {
  for (const data of [null, undefined, { shop: null }, { shop: { name: 'x' } }]) {
    const errors = [{ message: 'alice is not known', path: ['shop', 0, 'name'], extensions: { code: 'NOT_KNOWN' } }];
    const server = await serve((response) => json(response, { data, errors }, 200, { 'x-request-id': 'r1' }));
    const error = await refusal(connect(server.origin).send({ document: query }));
    expect(error).toMatchObject({ code: 'invalid-request', status: 200, vendorCode: 'NOT_KNOWN', requestId: 'r1' });
    expect(error.message).toBe("the vendor refused the document at 'shop.0.name' (NOT_KNOWN)");
    expect(JSON.stringify(error)).not.toContain('alice');
  }
});

test('errors that are no list are a failure too, and an empty list is none', async () => {
  for (const [errors, fails] of [
    [{ message: 'no' }, true],
    ['no', true],
    [[], false],
    [null, false],
  ] as const) {
    const server = await serve((response) => json(response, { data: { a: 1 }, errors }));
    const sent = connect(server.origin).send({ document: query });
    if (fails) expect((await refusal(sent)).code).toBe('invalid-request');
    else expect((await sent)?.data).toEqual({ a: 1 });
  }
});

test('an answer with neither data nor errors is unexpected', async () => {
  for (const body of [{}, { data: null }, [], 'text', 7]) {
    const server = await serve((response) => json(response, body));
    expect((await refusal(connect(server.origin).send({ document: query }))).code).toBe('unexpected-content');
  }
});

test('the errors of a 400 say more than its status, and a 401 without any is unauthenticated', async () => {
  const errors = [{ message: 'x', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
  const invalid = await serve((response) =>
    json(response, { errors }, 400, { 'content-type': 'application/graphql-response+json' }),
  );
  expect(await refusal(connect(invalid.origin).send({ document: query }))).toMatchObject({
    code: 'schema-drift',
    status: 400,
    vendorCode: 'GRAPHQL_VALIDATION_FAILED',
  });
  const refused = await serve((response) => json(response, {}, 401));
  expect((await refusal(connect(refused.origin).send({ document: query }))).code).toBe('unauthenticated');
});

test('a connector says what an error means: a throttled document waits and is sent again', async () => {
  const throttled = [{ extensions: { code: 'OTHER' } }, { extensions: { code: 'THROTTLED' } }];
  const server = await serve((response, _request, number) =>
    json(response, number === 0 ? { errors: throttled } : { data: { a: 1 } }),
  );
  const { send, clock } = connect(server.origin, {
    classify: ({ code }) =>
      code === 'THROTTLED' ? { code: 'rate-limited', reach: 'refused', waitMs: 3_000 } : undefined,
  });
  expect((await send({ document: mutation }))?.data).toEqual({ a: 1 });
  expect(server.requests).toHaveLength(2);
  expect(clock.waits[0]).toBeGreaterThanOrEqual(3_000);
});

test('an error that means an expired session renews the credentials once', async () => {
  let number = 0;
  const auth: Auth<unknown> = {
    secrets: [],
    connect: () => {
      let headers = { authorization: 'Bearer old' };
      return {
        headers: () => headers,
        renew: async () => {
          headers = { authorization: `Bearer new${++number}` };
        },
      };
    },
  };
  const server = await serve((response, { headers }) =>
    json(
      response,
      headers.authorization === 'Bearer new1' ? { data: {} } : { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ),
  );
  const classify: GraphqlOptions['classify'] = ({ code }) =>
    code === 'FORBIDDEN' ? { code: 'forbidden', renew: true } : undefined;
  const { send, events } = connect(server.origin, { classify }, auth);
  expect((await send({ document: query }))?.data).toEqual({});
  expect(events.map(({ type }) => type)).toEqual(['credentials-renewed', 'call-succeeded']);
  number = 7;
  expect(await refusal(connect(server.origin, { classify }, auth).send({ document: query }))).toMatchObject({
    code: 'forbidden',
  });
});

test('a query is repeated and a mutation is not, named or nameless, whatever stands around it', async () => {
  const documents: [document: string, sent: number, template: string][] = [
    [query, 4, 'query Shop'],
    ['{ shop { name } }', 4, 'query anonymous'],
    ['# mutation Not\nquery Shop { shop(id: "mutation X") { name } }', 4, 'query Shop'],
    ['fragment F on Shop { name }\nquery Shop { shop { ...F } }', 4, 'query Shop'],
    [mutation, 1, 'mutation AddOrder'],
    ['mutation { addOrder { id } }', 1, 'mutation anonymous'],
    ['mutation($id: ID!) { addOrder(id: $id) { id } }', 1, 'mutation anonymous'],
    ['# query Not\n  mutation AddOrder { addOrder { id } }', 1, 'mutation AddOrder'],
    ['fragment F on Order { id }\nmutation AddOrder { addOrder { ...F } }', 1, 'mutation AddOrder'],
  ];
  for (const [document, sent, template] of documents) {
    const server = await serve((response) => json(response, {}, 503));
    const error = await refusal(connect(server.origin).send({ document }));
    expect(server.requests, document).toHaveLength(sent);
    expect(error.code, document).toBe(sent === 1 ? 'unknown-outcome' : 'unavailable');
    expect(error.template).toBe(`/graphql ${template}`);
  }
});

test('a mutation that its author calls idempotent is repeated', async () => {
  const server = await serve((response) => json(response, {}, 503));
  await refusal(connect(server.origin).send({ document: mutation, effect: 'idempotent' }));
  expect(server.requests).toHaveLength(4);
});
