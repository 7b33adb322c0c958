import { expect, test } from 'vitest';
import { openCalls } from '../support/call-vendor.ts';
import { serveReplies } from '../support/json-server.ts';
import { refusal } from '../support/refusal.ts';

/** What the body of an answer of this text is parsed to. */
const answered = async (text: string) => {
  const server = await serveReplies(() => ({ text }));
  return (await openCalls(server.origin).get()).body;
};

test('case 57: an integer beyond 2^53 arrives as text with all its digits', async () => {
  expect(await answered('{"id":9007199254740993,"list":[-12345678901234567890, 9007199254740991 , 1]}')).toEqual({
    id: '9007199254740993',
    list: ['-12345678901234567890', 9_007_199_254_740_991, 1],
  });
});

test('case 57: texts that hold digits arrive as they are, beside numbers that do not fit', async () => {
  const texts = {
    id: '9007199254740993',
    gid: 'gid://shop/Order/9007199254740993',
    note: 'tracking: 12345678901234567890, sent 98765432109876543210 twice',
    quoted: '\\":12345678901234567890,"x":[12345678901234567890]',
    escaped: '\\\\',
  };
  const text = JSON.stringify({ ...texts, number: 0 }).replace('"number":0', '"number":9007199254740993');
  expect(await answered(text)).toEqual({ ...texts, number: '9007199254740993' });
});

test('case 57: digits of fractions and exponents are numbers as JSON says', async () => {
  expect(await answered('[0.12345678901234567890,12345678901234567890.5,1234567890123456789e3]')).toEqual([
    0.123_456_789_012_345_68, 12_345_678_901_234_567_000, 1.234_567_890_123_456_8e21,
  ]);
});

test('case 57: digits that are no JSON are not mended into it', async () => {
  for (const text of [
    '[00000000000000000001]',
    '{12345678901234567890:1}',
    '{ 12345678901234567890 : 1}',
    '[12345678901234567890 1]',
  ]) {
    const server = await serveReplies(() => ({ text }));
    expect((await refusal(openCalls(server.origin).get())).code, text).toBe('unexpected-content');
  }
});

test('case 58: a key named __proto__ is dropped however it is spelled, and constructor is plain data', async () => {
  for (const key of ['__proto__', '\\u005f_proto__', '__\\u0070roto__']) {
    const body = await answered(`{"a":{"${key}":{"admin":true},"b":1},"constructor":{"prototype":{"admin":true}}}`);
    expect(body, key).toEqual({ a: { b: 1 }, constructor: { prototype: { admin: true } } });
    expect(Object.assign({}, body)).not.toHaveProperty('admin');
    expect({}).not.toHaveProperty('admin');
  }
});

test('case 59: nesting of 100,000 is a typed error, and the process lives', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ]) {
    const text = `${open?.repeat(100_000)}1${close?.repeat(100_000)}`;
    const server = await serveReplies(() => ({ text }));
    const error = await refusal(openCalls(server.origin).get());
    expect(error).toMatchObject({ code: 'unexpected-content', status: 200, attempts: 1 });
    expect(error.message).toContain('1000 deep');
  }
});

test('case 60: of two keys the last one wins', async () => {
  expect(await answered('{"a":1,"b":{"a":2},"a":3}')).toEqual({ a: 3, b: { a: 2 } });
});

test('case 60: a connection that refuses duplicate keys says so and gives nothing', async () => {
  const refused = ['{"a":1,"a":2}', '[{"b":{"a":1, "a" :1}}]', '{"a":1,"\\u0061":2}', '{"":1,"":2}'];
  const taken = ['{"a":{"a":1},"b":{"a":1}}', '["a","a"]', '{"a":"b","b":"a"}', '{"a":["a",{"a":1}]}'];
  for (const text of [...refused, ...taken]) {
    const server = await serveReplies(() => ({ text }));
    const { get } = openCalls(server.origin, { limits: { duplicateKeys: 'refused' } });
    if (taken.includes(text)) {
      expect((await get()).body, text).toEqual(JSON.parse(text));
      continue;
    }
    const error = await refusal(get());
    expect(error, text).toMatchObject({ code: 'unexpected-content', attempts: 1 });
    expect(error.message).toContain('one key twice');
  }
});
