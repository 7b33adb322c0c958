import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { isRecord } from '@mortise/testing';
import { expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { startedSandbox } from './started.ts';

function clientOf(url: string): Client {
  return new Client({ accessToken: 'sandbox-token', basePath: url, numberOfApiCallRetries: 4 });
}

function bodyOf(error: unknown): Record<string, unknown> {
  return isRecord(error) && isRecord(error.body) ? error.body : {};
}

test("the vendor's client creates a contact and reads it back by id and by e-mail", async () => {
  const sandbox = await startedSandbox();
  const { basicApi } = clientOf(sandbox.url).crm.contacts;
  const created = await basicApi.create({
    properties: { email: 'ada@example.test', firstname: '美咲' },
    associations: [],
  });
  expect(created.properties.firstname).toBe('美咲');
  expect(created.createdAt).toBeInstanceOf(Date);
  const byId = await basicApi.getById(created.id, ['firstname', 'phone']);
  expect(byId.properties).toMatchObject({ firstname: '美咲', phone: null });
  const byEmail = await basicApi.getById('ada@example.test', undefined, undefined, undefined, false, 'email');
  expect(byEmail.id).toBe(created.id);
  expect(sandbox.writes().map(({ kind, key }) => [kind, key])).toEqual([['create', 'ada@example.test']]);
});

test("the vendor's client upserts a batch, and every row says whether it is new", async () => {
  const sandbox = await startedSandbox();
  const { batchApi } = clientOf(sandbox.url).crm.contacts;
  const inputs = ['a', 'b'].map((name) => ({
    id: `${name}@example.test`,
    idProperty: 'email',
    objectWriteTraceId: name,
    properties: { firstname: name },
  }));
  const first = await batchApi.upsert({ inputs });
  expect(first.results.map((row) => row._new)).toEqual([true, true]);
  const second = await batchApi.upsert({ inputs });
  expect(second.results.map((row) => row._new)).toEqual([false, false]);
  expect(second.results.map((row) => row.id)).toEqual(first.results.map((row) => row.id));
  expect(sandbox.writes().map(({ kind }) => kind)).toEqual(['create', 'create', 'update', 'update']);
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test("the vendor's client sees the good rows and the error of a 207", async () => {
  const sandbox = await startedSandbox();
  const { batchApi } = clientOf(sandbox.url).crm.contacts;
  const answer = await batchApi.upsert({
    inputs: [
      { id: 'good@example.test', idProperty: 'email', objectWriteTraceId: 'one', properties: {} },
      { id: 'bad@example.test', idProperty: 'email', objectWriteTraceId: 'two', properties: { nothing: '1' } },
    ],
  });
  const { numErrors, errors } = JSON.parse(JSON.stringify(answer));
  expect(answer.results.map((row) => row.id)).toHaveLength(1);
  expect(numErrors).toBe(1);
  expect(errors[0]).toMatchObject({ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['two'] } });
});

test("the vendor's client pages over the seed, and its objects equal the seed field by field", async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const seeded = seedRecords({ number: 7 }).filter(({ type }) => type === 'contacts');
  const names = [...new Set(seeded.flatMap(({ properties }) => Object.keys(properties)))];
  const read = await clientOf(sandbox.url).crm.contacts.getAll(100, undefined, names);
  const expected = seeded
    .toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
    .map((object) => ({
      id: object.id,
      createdAt: object.createdAt,
      updatedAt: object.updatedAt,
      values: names.map((name) => object.properties[name] ?? null),
    }));
  const found = read.map((object) => ({
    id: object.id,
    createdAt: object.createdAt.getTime(),
    updatedAt: object.updatedAt.getTime(),
    values: names.map((name) => object.properties[name]),
  }));
  expect(found).toEqual(expected);
  expect(sandbox.requests({ template: '/crm/v3/objects/{type}' })).toHaveLength(3);
});

test("the vendor's client searches with a filter, a sort and pages", async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const { searchApi } = clientOf(sandbox.url).crm.contacts;
  const wanted = seedRecords({ number: 7 }).filter(
    ({ type, properties }) => type === 'contacts' && properties.lifecyclestage === 'customer',
  );
  const filters = [{ propertyName: 'lifecyclestage', operator: FilterOperatorEnum.Eq, value: 'customer' }];
  const search = (after: string) =>
    searchApi.doSearch({
      filterGroups: [{ filters }],
      sorts: ['lastmodifieddate'],
      properties: ['email'],
      limit: 30,
      after,
    });
  const first = await search('0');
  const second = await search(first.paging?.next?.after ?? '');
  expect(first.total).toBe(wanted.length);
  const stamps = [...first.results, ...second.results].map((object) => object.updatedAt.getTime());
  expect(stamps).toEqual(
    wanted
      .map(({ updatedAt }) => updatedAt)
      .toSorted((a, b) => a - b)
      .slice(0, 60),
  );
});

test("the vendor's client is throttled by the secondly search limit and comes through by its own retries", async () => {
  const sandbox = await startedSandbox({ seed: 7, settings: { searchesPerSecond: 2 } });
  const { searchApi } = clientOf(sandbox.url).crm.contacts;
  const answers = await Promise.all([1, 2, 3].map(() => searchApi.doSearch({ limit: 1 })));
  expect(answers.map(({ results }) => results.length)).toEqual([1, 1, 1]);
  const statuses = sandbox.requests().map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses).toContain(429);
});

test("the vendor's client repeats after an injected 503", async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  sandbox.inject({
    kind: 'status',
    status: 503,
    count: 2,
    body: { status: 'error', message: 'down', correlationId: 'c', category: 'x' },
  });
  await clientOf(sandbox.url).crm.contacts.basicApi.getPage(1);
  expect(sandbox.requests().map(({ status, fault }) => [status, fault])).toEqual([
    [503, 'status'],
    [503, 'status'],
    [200, ''],
  ]);
});

test("the vendor's client reports the category of a conflict", async () => {
  const sandbox = await startedSandbox();
  const { basicApi } = clientOf(sandbox.url).crm.contacts;
  const input = { properties: { email: 'ada@example.test' }, associations: [] };
  const { id } = await basicApi.create(input);
  const error: unknown = await basicApi.create(input).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 409 });
  expect(bodyOf(error)).toMatchObject({ category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` });
});

test("the vendor's client associates by default and reads the association back", async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const client = clientOf(sandbox.url);
  await client.crm.associations.v4.basicApi.createDefault('contacts', '1001', 'companies', '1002');
  const read = await client.crm.associations.v4.batchApi.getPage('companies', 'contacts', { inputs: [{ id: '1002' }] });
  expect(read.results[0]?.to[0]?.toObjectId).toBe('1001');
  const contact = await client.crm.contacts.basicApi.getById('1001', undefined, undefined, ['companies']);
  expect(contact.associations?.companies?.results[0]).toMatchObject({ id: '1002', type: 'contact_to_company' });
});

test("the vendor's client creates a property with unique values and is refused a second holder of one", async () => {
  const sandbox = await startedSandbox();
  const client = clientOf(sandbox.url);
  const created = await client.crm.properties.coreApi.create('products', {
    name: 'source_id',
    label: 'Source id',
    type: PropertyCreateTypeEnum.String,
    fieldType: PropertyCreateFieldTypeEnum.Text,
    groupName: 'productinformation',
    hasUniqueValue: true,
  });
  expect(created.hasUniqueValue).toBe(true);
  const input = { properties: { name: 'Lamp', source_id: 'p-1' }, associations: [] };
  await client.crm.products.basicApi.create(input);
  const error: unknown = await client.crm.products.basicApi.create(input).catch((caught: unknown) => caught);
  expect(bodyOf(error)).toMatchObject({ category: 'CONFLICT' });
  expect(sandbox.writes({ type: 'products' })).toHaveLength(1);
});

test("the vendor's client refreshes its token and is told of a bad one", async () => {
  const sandbox = await startedSandbox();
  const { tokensApi } = clientOf(sandbox.url).oauth;
  const authorized = await fetch(
    `${sandbox.url}/oauth/authorize?client_id=sandbox-client&redirect_uri=http://127.0.0.1/back&state=s`,
    { redirect: 'manual' },
  );
  const code = new URL(authorized.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const redirect = 'http://127.0.0.1/back';
  const pair = await tokensApi.create('authorization_code', code, redirect, 'sandbox-client', 'sandbox-secret');
  const next = await tokensApi.create(
    'refresh_token',
    undefined,
    undefined,
    'sandbox-client',
    'sandbox-secret',
    pair.refreshToken,
  );
  expect(next.expiresIn).toBe(1800);
  expect(next.refreshToken).toBe(pair.refreshToken);
  const error: unknown = await tokensApi
    .create('refresh_token', undefined, undefined, 'sandbox-client', 'sandbox-secret', 'wrong')
    .catch((caught: unknown) => caught);
  expect(bodyOf(error)).toMatchObject({ status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' });
});
