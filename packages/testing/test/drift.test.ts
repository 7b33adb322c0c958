import { expect, test } from 'vitest';
import { type Cassette, type CassetteResponse, drift } from '../src/index.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };

/** A cassette of answers to one endpoint. */
const tape = (...answers: (Partial<CassetteResponse> & { json?: unknown; path?: string })[]): Cassette => ({
  cassette: 1,
  fields: [],
  exchanges: answers.map(({ json: value, path = '/v3/contacts/12', ...response }) => ({
    request: { method: 'GET', path, query: '', headers: {} },
    response: {
      status: 200,
      headers: json,
      ...(value !== undefined && { body: { text: JSON.stringify(value) } }),
      ...response,
    },
  })),
});

test('other values of the same shape are no drift', async () => {
  const before = tape({ json: { id: '1', tags: ['a'], by: { '17': { n: 1 } } } });
  const after = tape({ json: { id: '2', tags: ['b', 'c'], by: { '99': { n: 2 } } }, path: '/v3/contacts/77' });
  expect(await drift(before, after)).toEqual([]);
});

test('fields that have vanished, come, or changed their type are one line each', async () => {
  const before = tape({ json: { results: [{ id: '1', email: 'a', old: { deep: [1] } }] } });
  const after = tape({ json: { results: [{ id: 1, email: null, added: { x: 1 } }] } });
  expect(await drift(before, after)).toEqual([
    "GET /v3/contacts/{id} 200: field 'results[].old' has vanished",
    "GET /v3/contacts/{id} 200: field 'results[].added' is new (object)",
    "GET /v3/contacts/{id} 200: field 'results[].id' was string, is number",
    "GET /v3/contacts/{id} 200: field 'results[].email' was string, is null",
  ]);
});

test('a field that only some records have is known from all of them', async () => {
  const before = tape({ json: [{ id: 1 }, { id: 2, note: null }, { id: 3, note: 'x' }] });
  expect(
    await drift(
      before,
      tape({
        json: [
          { id: 4, note: 'y' },
          { id: 5, note: null },
        ],
      }),
    ),
  ).toEqual([]);
});

test('statuses and the headers that matter are compared, and others are not', async () => {
  const before = tape({ headers: { ...json, 'x-shopify-api-version': '2026-10', date: 'then', 'x-request-id': 'a' } });
  const after = tape(
    { headers: { 'content-type': 'text/html', 'x-shopify-api-version': '2026-07', sunset: 'soon', date: 'now' } },
    { status: 404, json: {} },
  );
  expect(await drift(before, after)).toEqual([
    "GET /v3/contacts/{id} 200: header 'sunset' is new (present)",
    "GET /v3/contacts/{id} 200: header 'content-type' was application/json, is text/html",
    "GET /v3/contacts/{id} 200: header 'x-shopify-api-version' was 2026-10, is 2026-07",
    'GET /v3/contacts/{id} status 404 is new',
  ]);
});

test('endpoints that only one of them asked for are named', async () => {
  expect(await drift(tape({ path: '/a' }), tape({ path: '/b' }))).toEqual([
    'GET /a was not asked for anew',
    'GET /b was not asked for before',
  ]);
});

test('XML is compared by its elements and attributes, whatever their prefixes', async () => {
  const xml = (text: string) => tape({ headers: { 'content-type': 'text/xml' }, body: { text } });
  const before = xml('<?xml version="1.0"?><s:Body><p:item id="1"><name>a</name><old/></p:item><!-- <x> --></s:Body>');
  const same = xml('<b:Body><q:item id="2"><old/><name>b</name></q:item><q:item id="3"><name/></q:item></b:Body>');
  expect(await drift(before, same)).toEqual([]);
  expect(await drift(before, xml('<Body><item><name>a</name><fresh>1</fresh></item></Body>'))).toEqual([
    "GET /v3/contacts/{id} 200: field 'Body.item@id' has vanished",
    "GET /v3/contacts/{id} 200: field 'Body.item.old' has vanished",
    "GET /v3/contacts/{id} 200: field 'Body.item.fresh' is new (element)",
  ]);
});

test('lines of JSON are compared as records', async () => {
  const lines = (text: string) => tape({ headers: { 'content-type': 'application/x-ndjson' }, body: { text } });
  expect(await drift(lines('{"a":1}\n{"a":2}\n'), lines('{"a":"x"}\n{"a":"y"}\n'))).toEqual([
    "GET /v3/contacts/{id} 200: field '[].a' was number, is string",
  ]);
});
