import { expect, test } from 'vitest';
import { joinedHeaders } from '../src/http/headers.ts';

test('headers that cannot change any more are put together once', () => {
  const own = joinedHeaders({ Accept: 'application/json' });
  const token = joinedHeaders({ authorization: 'Bearer a' });
  expect(joinedHeaders(own, token)).toBe(joinedHeaders(own, token));
  expect(joinedHeaders(own, undefined, token)).toBe(joinedHeaders(own, token));
  expect(joinedHeaders(own, token)).toEqual({ accept: 'application/json', authorization: 'Bearer a' });
});

test('headers that may change are read anew each time', () => {
  const own = joinedHeaders({ accept: 'application/json' });
  const given = { 'x-page': '1' };
  expect(joinedHeaders(own, given)).toMatchObject({ 'x-page': '1' });
  given['x-page'] = '2';
  expect(joinedHeaders(own, given)).toMatchObject({ 'x-page': '2' });
});

test('what is kept for other requests cannot be changed', () => {
  expect(Object.isFrozen(joinedHeaders({ a: '1' }))).toBe(true);
  expect(Object.isFrozen(joinedHeaders(joinedHeaders({ a: '1' }), joinedHeaders({ b: '2' })))).toBe(true);
});
