import { expect, test } from 'vitest';
import type { CallObserver } from '../src/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

/** An observer that writes down what it is told. */
const recording = () => {
  const told: unknown[] = [];
  const observer: CallObserver = {
    start: (call) => {
      told.push(['start', call]);
      return {
        attempt: (resend) => {
          told.push(['attempt', resend]);
          return { headers: { traceparent: `00-trace-${resend}` }, end: (end) => told.push(['attempt end', end]) };
        },
        end: (end) => told.push(['end', end]),
      };
    },
  };
  return { observer, told };
};

test('an observer is told of the call and of each attempt, in order, and its headers are sent along', async () => {
  const server = await serve((response, _request, number) => json(response, {}, number === 0 ? 503 : 200));
  const { observer, told } = recording();
  const { send } = connect(server.origin, { observer });
  await send({ method: 'PUT', path: 'things/{id}', parameters: { id: 'alice' }, body: {}, query: { q: 'bob' } });
  const port = Number(new URL(server.origin).port);
  const place = { scheme: 'http', host: '127.0.0.1', port, method: 'PUT', template: '/things/{id}' };
  expect(told).toEqual([
    ['start', { connector: 'acme', connection: 'acme', operation: 'things.get', ...place }],
    ['attempt', 0],
    ['attempt end', { code: 'unavailable', status: 503 }],
    ['attempt', 1],
    ['attempt end', { status: 200 }],
    ['end', { status: 200 }],
  ]);
  expect(JSON.stringify(told)).not.toMatch(/alice|bob/);
  expect(server.requests.map(({ headers }) => headers.traceparent)).toEqual(['00-trace-0', '00-trace-1']);
});

test('a call that fails ends with its code', async () => {
  const server = await serve((response) => json(response, {}, 403));
  const { observer, told } = recording();
  await refusal(connect(server.origin, { observer }).get());
  expect(told.at(-1)).toEqual(['end', { code: 'forbidden', status: 403 }]);
});

test('an observer that throws does not break the call', async () => {
  const server = await serve((response) => json(response, {}));
  const broken = () => {
    throw new Error('broken');
  };
  const halfBroken: CallObserver = { start: () => ({ attempt: broken, end: broken }) };
  for (const observer of [{ start: broken }, halfBroken]) {
    expect((await connect(server.origin, { observer }).get())?.status).toBe(200);
  }
});

test('an attempt whose answer the connector cannot read is ended as well', async () => {
  const server = await serve((response) => json(response, {}));
  const { observer, told } = recording();
  const classify = () => {
    throw new Error('a defect');
  };
  await refusal(connect(server.origin, { observer, rest: { classify } }).get());
  expect(told.slice(1)).toEqual([
    ['attempt', 0],
    ['attempt end', { code: 'internal' }],
    ['end', { code: 'internal' }],
  ]);
});
