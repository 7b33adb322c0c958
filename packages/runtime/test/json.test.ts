import { expect, test } from 'vitest';
import { parseJson } from '../src/http/json.ts';
import { quoteLongIntegers } from '../src/http/long-integers.ts';
import { connect, refusal } from './support/connection.ts';
import { serve } from './support/server.ts';

const serving = (text: string) =>
  serve((response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text));

const answered = async (text: string) => (await connect((await serving(text)).origin).get())?.body;

test('an integer beyond 2^53 arrives as text with all its digits, wherever it stands', async () => {
  expect(await answered('{"id":9007199254740993,"b":[-12345678901234567890, 1]}')).toEqual({
    id: '9007199254740993',
    b: ['-12345678901234567890', 1],
  });
  for (let pad = 0; pad < 40; pad += 1) {
    expect(parseJson(`{"a":"${'x'.repeat(pad)}","id": 9007199254740993}`), String(pad)).toMatchObject({
      id: '9007199254740993',
    });
    expect(parseJson(`[${'1,'.repeat(pad)}9007199254740993]`)).toEqual([...Array(pad).fill(1), '9007199254740993']);
  }
  expect(parseJson('9007199254740993')).toBe('9007199254740993');
});

test('smaller numbers stay numbers', () => {
  const text = '{"max":9007199254740991,"min":-9007199254740991,"half":0.1234567890123456789,"large":1e30,"zero":-0}';
  expect(parseJson(text)).toEqual({
    max: 9_007_199_254_740_991,
    min: -9_007_199_254_740_991,
    half: 0.123_456_789_012_345_68,
    large: 1e30,
    zero: -0,
  });
});

test('an id that is a text stays as it is, and does not cost the exact parse', async () => {
  const body = { id: '9007199254740993', gid: 'gid://shop/Order/00123456789012345678', list: ['1234567890123456'] };
  const text = JSON.stringify(body);
  expect(quoteLongIntegers(text)).toBeUndefined();
  expect(await answered(text)).toEqual(body);
});

test('a number behind a long text of digits is still found', () => {
  for (let digits = 16; digits < 60; digits += 1) {
    const text = `{"a":"${'7'.repeat(digits)}","b":9007199254740993}`;
    expect(parseJson(text), String(digits)).toEqual({ a: '7'.repeat(digits), b: '9007199254740993' });
  }
});

test('millions of digits in one text are read in passing', () => {
  const text = `{"a":"${'7'.repeat(4_000_000)}"}`;
  expect(quoteLongIntegers(text)).toBeUndefined();
});

test('__proto__ is dropped, also when it is spelt with escapes, and constructor is plain data', async () => {
  const spellings = [
    '__proto__',
    '\\u005f_proto__',
    '__\\u0070roto__',
    '__p\\u0072oto__',
    '__prot\\u006F__',
    '__pro\\u0074o__',
  ];
  for (const key of spellings) {
    const body = await answered(`{"a":{"${key}":{"admin":true},"b":1},"constructor":{"c":2}}`);
    expect(body, key).toEqual({ a: { b: 1 }, constructor: { c: 2 } });
    expect(Object.keys(Object.assign({}, parseJson(`{"${key}":{"admin":true}}`)))).toEqual([]);
  }
});

test('nesting beyond reason is a typed error, and the process lives', async () => {
  const deep = { arrays: ['[', ']'], objects: ['{"a":', '}'] };
  for (const [name, [open = '', close = '']] of Object.entries(deep)) {
    const server = await serving(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
    expect(await refusal(connect(server.origin).get()), name).toMatchObject({
      code: 'unexpected-content',
      status: 200,
    });
  }
});

test('a page of many flat records is not taken for deep nesting', () => {
  const records = Array.from({ length: 3_000 }, (_, id) => ({ id, text: '[[[{{{ \\" "', tags: [[]] }));
  expect(parseJson(JSON.stringify(records))).toEqual(records);
});

test('a byte order mark is passed over', async () => {
  expect(await answered('\ufeff{"a":1}')).toEqual({ a: 1 });
});

test('of two keys the last one wins, as in JSON.parse', () => {
  expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
});
