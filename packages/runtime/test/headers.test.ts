import { expect, test } from 'vitest';
import { joinedHeaders, lastingHeaders } from '../src/http/headers.ts';

test('headers that cannot change any more are put together once', () => {
  const own = lastingHeaders({ Accept: 'application/json' });
  const token = lastingHeaders({ authorization: 'Bearer a' });
  expect(joinedHeaders(own, token)).toBe(joinedHeaders(own, token));
  expect(joinedHeaders(own, undefined, token)).toBe(joinedHeaders(own, token));
  expect(joinedHeaders(own, token)).toEqual({ accept: 'application/json', authorization: 'Bearer a' });
});

test('headers that may change are read anew each time', () => {
  const own = lastingHeaders({ accept: 'application/json' });
  const given = { 'x-page': '1' };
  expect(joinedHeaders(own, given)).toMatchObject({ 'x-page': '1' });
  given['x-page'] = '2';
  expect(joinedHeaders(own, given)).toMatchObject({ 'x-page': '2' });
});

test('headers that last are handed on as they are where there are no others', () => {
  const own = lastingHeaders({ accept: 'application/json' });
  expect(joinedHeaders(own)).toBe(own);
  expect(joinedHeaders(undefined, own)).toBe(own);
});

test('frozen headers of somebody else are checked all the same', () => {
  const own = lastingHeaders({ accept: 'application/json' });
  expect(() => joinedHeaders(own, Object.freeze({ 'x-page': '1\r\nx-more: 2' }))).toThrow("the header 'x-page'");
});

test('what is kept for other requests cannot be changed', () => {
  expect(Object.isFrozen(lastingHeaders({ a: '1' }))).toBe(true);
  expect(Object.isFrozen(joinedHeaders(lastingHeaders({ a: '1' }), lastingHeaders({ b: '2' })))).toBe(true);
});
