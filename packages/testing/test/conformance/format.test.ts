import { expect, test } from 'vitest';
import { editBody, json } from '../../src/conformance/format.ts';
import { isRecord } from '../../src/sandbox/record.ts';

const answer = (text: string) => ({ status: 200, headers: {}, text });

test('an edit of JSON keeps every digit of ids above 2^53, and what looks like one within a text', () => {
  const text = '{"rows":[{"id":9007199254740993,"note":"id 9007199254740993","rate":0.1234567890123456789}],"total":7}';
  const edited = editBody(answer(text), {
    change: (body) => {
      expect(body).toMatchObject({ rows: [{ id: 9_007_199_254_740_993n }], total: 7 });
      if (isRecord(body)) body.total = 1;
      return true;
    },
  });
  expect(edited.text).toBe(
    '{"rows":[{"id":9007199254740993,"note":"id 9007199254740993","rate":0.12345678901234568}],"total":1}',
  );
});

test('a body of another format, and one that nothing is done to, pass as they are', () => {
  const untouched = answer('{ "id": 1 }');
  expect(editBody(untouched, { change: () => false })).toBe(untouched);
  const page = answer('<html></html>');
  expect(editBody(page, { change: () => true })).toBe(page);
});

test('a world that gives a format has its bodies edited in it', () => {
  const lines = { parse: (text: string) => text.split('\n'), print: (body: unknown) => String(body) };
  const edited = editBody(answer('a\nb'), {
    format: lines,
    change: (body) => Array.isArray(body) && body.push('c') > 0,
  });
  expect(edited.text).toBe('a,b,c');
  expect(json.parse('')).toBeUndefined();
});
