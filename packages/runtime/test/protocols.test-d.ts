// What the compiler infers and refuses of the protocols' builders. Compiled by the type check, never run.
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, open, secret } from '../src/index.ts';
import { document, type GraphqlTransport, graphql, type TypedDocument } from '../src/protocols/graphql/index.ts';
import { rest } from '../src/protocols/rest/index.ts';

const Row = z.object({ id: z.string(), name: z.string() });

const acme = defineVendor({
  id: 'acme',
  settings: z.strictObject({}),
  credentials: z.strictObject({ token: secret() }),
  transports: () => ({
    files: rest({ baseUrl: 'https://files.example/' }),
    admin: graphql({ url: 'https://acme.example/graphql' }),
  }),
  auth: ({ credentials }) => bearer(credentials.token),
});

const files = rest.over('files');
const exportRows = files.job<{ since: Date }>({
  start: ({ since }) => ({ method: 'POST', path: 'exports', body: { since } }),
  poll: (started) => ({ method: 'GET', path: started.headers.location ?? '' }),
  state: ({ body }) => ({ is: 'done', result: { body } }),
});

const rows = acme.resource({
  record: Row,
  key: 'id',
  changes: 'none',
  list: files.pages({ path: 'rows', page: 'page', query: ({ since }) => ({ since: since?.toISOString() }) }),
  get: async (call, id) => {
    await exportRows(call, { since: new Date(0) });
    const { data } = await call.transports.admin.send({ document: shop, variables: { id } });
    const name: string = data.shop.name;
    return { id, name };
  },
  upsert: files.batch({
    path: 'rows/batch',
    max: 50,
    effect: 'external-id',
    key: 'id',
    request: (records) => ({ body: { records } }),
    outcomes: { match: 'order' },
  }),
});
const pages = acme.resource({
  record: Row,
  key: 'id',
  changes: 'none',
  list: graphql.over('admin').connection({ document: 'query Rows { rows { nodes { id } } }', connection: 'rows' }),
});
const connector = acme.connector({ resources: { rows, pages } });

export const inferred = async () => {
  const live = open(connector, { credentials: { token: 'x' } });
  const [outcome] = await live.rows.upsert([{ id: '1', name: 'a' }]);
  if (outcome?.ok) outcome.record.name.at(0);
  for await (const page of live.pages.list()) {
    for (const { kind, key } of page.notes ?? []) key?.at(kind.length);
  }
};

const shop = document<{ shop: { name: string } }, { id: string }>('query Shop($id: ID!) { shop(id: $id) { name } }');
const anyShop = document<{ shop: { name: string } }>('query Shop { shop { name } }');

/** As GraphQL Code Generator writes it with documentMode 'string'. */
class TypedDocumentString<Result, Variables> extends String {
  declare readonly __apiType?: (variables: Variables) => Result;
}
declare const generated: TypedDocumentString<{ shop: { id: string } }, { first?: number }>;

export const documents = async ({ send }: GraphqlTransport) => {
  const typed: TypedDocument<{ shop: { id: string } }, { first?: number }> = generated;
  (await send({ document: generated })).data.shop.id.at(0);
  (await send({ document: typed, variables: { first: 1 } })).data.shop.id.at(0);
  (await send({ document: anyShop, variables: { whatever: 1 } })).data.shop.name.at(0);
  const plain: unknown = (await send({ document: 'query A { a }', variables: { b: 1 } })).data;
  const checked = await send({ document: 'query A { a }', data: z.object({ a: z.number() }) });
  checked.data.a.toFixed();
  return plain;
};

export const refused = async ({ send }: GraphqlTransport) => {
  // @ts-expect-error the document has a variable that must be given
  await send({ document: shop });
  // @ts-expect-error a variable of the wrong type
  await send({ document: shop, variables: { id: 1 } });
  // @ts-expect-error a variable that the document does not have
  await send({ document: shop, variables: { id: '1', first: 2 } });
  // @ts-expect-error a field that is not in the data
  (await send({ document: shop, variables: { id: '1' } })).data.shop.title;
  // @ts-expect-error a schema of other data than the document's
  await send({ document: anyShop, data: z.object({ shop: z.object({ name: z.number() }) }) });
  // @ts-expect-error unknown data is not read without a schema
  (await send({ document: 'query A { a }' })).data.a;
};

export const refusedBuilders = () => {
  acme.resource({
    record: Row,
    key: 'id',
    changes: 'none',
    // @ts-expect-error the vendor has no transport named 'rest'
    list: rest.list({ path: 'rows', items: 'rows', next: 'next', cursor: 'after' }),
  });
  acme.resource({
    record: Row,
    key: 'id',
    changes: 'none',
    // @ts-expect-error 'admin' speaks GraphQL
    list: rest.over('admin').links({ path: 'rows' }),
  });
  acme.resource({
    record: Row,
    key: 'id',
    changes: 'none',
    // @ts-expect-error 'files' speaks REST
    list: graphql.over('files').connection({ document: 'query A { a }', connection: 'a' }),
  });
  // @ts-expect-error a misspelt option
  files.list({ path: 'rows', items: 'rows', nxt: 'next', cursor: 'after' });
  // @ts-expect-error a list by offset needs the key by which it finds its place again
  files.offset({ path: 'rows', offset: 'skip', size: { parameter: 'take', records: 10 } });
};
