import { expect, test } from 'vitest';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const echo = () => serve((response) => json(response, {}));

test('a form goes out encoded, with its type', async () => {
  const server = await echo();
  await connect(server.origin).send({
    method: 'POST',
    path: 'things',
    form: { name: 'Äpfel & Öl', tag: ['a', 'b'], gone: undefined, count: 2, on: true },
  });
  expect(server.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(server.requests[0]?.body).toBe('name=%C3%84pfel+%26+%C3%96l&tag=a&tag=b&count=2&on=true');
});

test('a text goes out as it is, of the type that its headers name', async () => {
  const server = await echo();
  const { send } = connect(server.origin);
  await send({ method: 'PUT', path: 'things', text: 'a;b\n1;2' });
  await send({ method: 'PUT', path: 'things', text: 'a;b', headers: { 'Content-Type': 'text/csv' } });
  expect(server.requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
    ['text/plain; charset=utf-8', 'a;b\n1;2'],
    ['text/csv', 'a;b'],
  ]);
});

test('a request of two bodies is refused', async () => {
  const server = await echo();
  const { send } = connect(server.origin);
  const error = await refusal(send({ method: 'POST', path: 'things', body: {}, form: {} }));
  expect(error).toMatchObject({ code: 'invalid-definition' });
  expect(server.requests).toEqual([]);
});

test('an idempotency key goes into the header that the vendor reads, and makes a POST repeatable with it', async () => {
  const server = await serve((response, _request, number) => json(response, {}, number === 0 ? 503 : 200));
  const { send } = connect(server.origin, { rest: { idempotencyHeader: 'X-Request-Key' } });
  expect((await send({ method: 'POST', path: 'things', body: {}, idempotencyKey: 'order-7' }))?.status).toBe(200);
  expect(server.requests.map(({ headers }) => headers['x-request-key'])).toEqual(['order-7', 'order-7']);
});

test('the header of the standard draft is taken unless the vendor has another', async () => {
  const server = await echo();
  await connect(server.origin).send({ method: 'POST', path: 'things', body: {}, idempotencyKey: 'order-7' });
  expect(server.requests[0]?.headers['idempotency-key']).toBe('order-7');
});

test('an expected version goes into If-Match, makes a PATCH repeatable, and a changed record is a conflict', async () => {
  const server = await serve((response, _request, number) => json(response, {}, number === 0 ? 503 : 412));
  const { send } = connect(server.origin);
  const error = await refusal(send({ method: 'PATCH', path: 'things/1', body: {}, ifMatch: '"v3"' }));
  expect(error).toMatchObject({ code: 'conflict', status: 412, attempts: 2 });
  expect(server.requests.map(({ headers }) => headers['if-match'])).toEqual(['"v3"', '"v3"']);
});

test('an effect that is named counts before the one that a key or a version implies', async () => {
  const server = await serve((response) => json(response, {}, 503));
  const request = { method: 'POST', path: 'things', body: {}, idempotencyKey: 'a', effect: 'unsafe' } as const;
  expect(await refusal(connect(server.origin).send(request))).toMatchObject({ code: 'unknown-outcome', attempts: 1 });
});
