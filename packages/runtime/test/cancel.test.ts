import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ConnectorError, type LiveAuth, sleep, systemClock, throwIfCancelled } from '../src/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve, serveBytes } from './support/server.ts';

test('a call that is cancelled before it starts sends nothing', async () => {
  const server = await serve((response) => json(response, {}));
  const { get, events } = connect(server.origin);
  const error = await refusal(get('things', { signal: AbortSignal.abort() }));
  expect(error).toMatchObject({ code: 'cancelled', operation: 'things.get' });
  expect(server.requests).toHaveLength(0);
  expect(events).toEqual([]);
});

test('cancelling a call under way closes its socket at the server', async () => {
  const controller = new AbortController();
  const server = await serveBytes(() => controller.abort());
  const { get } = connect(server.origin);
  expect(await refusal(get('things', { signal: controller.signal }))).toMatchObject({ code: 'cancelled', attempts: 1 });
  await Promise.all(server.closed);
  expect(server.closed).toHaveLength(1);
});

test('cancelling while the body arrives closes the socket too', async () => {
  const controller = new AbortController();
  const server = await serveBytes((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{', () => {
      setTimeout(() => controller.abort(), 50);
    });
  });
  const { get } = connect(server.origin);
  expect((await refusal(get('things', { signal: controller.signal }))).code).toBe('cancelled');
  await Promise.all(server.closed);
});

test('cancelling while the credentials are made sends nothing', async () => {
  const server = await serve((response) => json(response, {}));
  const controller = new AbortController();
  const auth = {
    secrets: [],
    connect: () => ({
      headers: async () => {
        controller.abort();
        return {};
      },
    }),
  };
  const { get } = connect(server.origin, { auth });
  expect((await refusal(get('things', { signal: controller.signal }))).code).toBe('cancelled');
  expect(server.requests).toHaveLength(0);
});

/** Credentials that are refused, and of which something never comes. */
const stuckAuth = (stuck: Partial<LiveAuth>) => ({ secrets: [], connect: () => ({ headers: () => ({}), ...stuck }) });
const never = () => new Promise<never>(() => undefined);

test('cancelling ends the wait for credentials that are renewed', async () => {
  const server = await serve((response) => json(response, {}, 401));
  const controller = new AbortController();
  const renew = () => {
    setTimeout(() => controller.abort(), 10);
    return never();
  };
  const { get } = connect(server.origin, { auth: stuckAuth({ renew }), clock: systemClock });
  expect((await refusal(get('things', { signal: controller.signal }))).code).toBe('cancelled');
  expect(server.requests).toHaveLength(1);
});

test('a refusal is not held up by asking what is granted: neither beyond the call’s time nor by a caller who has gone', async () => {
  const server = await serve((response) => json(response, {}, 403));
  const inTime = connect(server.origin, { auth: stuckAuth({ granted: never }) });
  expect((await refusal(inTime.get())).code).toBe('forbidden');
  expect(inTime.clock.waits).toEqual([300_000]);

  const controller = new AbortController();
  const granted = () => {
    setTimeout(() => controller.abort(), 10);
    return never();
  };
  const { get } = connect(server.origin, { auth: stuckAuth({ granted }), clock: systemClock });
  expect((await refusal(get('things', { signal: controller.signal }))).code).toBe('forbidden');
});

test('cancelling ends the wait before a repeat', async () => {
  const controller = new AbortController();
  const server = await serve((response) => json(response, {}, 503, { 'retry-after': '50' }));
  const { get } = connect(server.origin, {
    clock: systemClock,
    events: () => controller.abort(),
  });
  expect(await refusal(get('things', { signal: controller.signal }))).toMatchObject({ code: 'cancelled', attempts: 1 });
  expect(server.requests).toHaveLength(1);
});

test('cancelling ends the wait for a quota', async () => {
  const server = await serve((response) => json(response, {}));
  const quota = [{ name: 'default', requests: 1, perMs: 50_000 }];
  const { get } = connect(server.origin, { clock: systemClock, rest: { quota } });
  await get();
  const controller = new AbortController();
  const waiting = refusal(get('things', { signal: controller.signal }));
  controller.abort();
  expect((await waiting).code).toBe('cancelled');
  expect(server.requests).toHaveLength(1);
});

test('a wait that is over no longer hears its signal', async () => {
  const controller = new AbortController();
  await sleep(systemClock, 1, controller.signal);
  controller.abort(new Error('late'));
  expect(() => throwIfCancelled(controller.signal)).toThrow(ConnectorError);
  expect(throwIfCancelled(undefined)).toBeUndefined();
  await expect(sleep(systemClock, 1, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
});

test('calls leave no listener behind on a signal that lives on', async () => {
  const server = await serve((response, _request, number) => json(response, {}, number % 2 === 0 ? 503 : 200));
  const controller = new AbortController();
  const quota = [{ name: 'default', requests: 10, perMs: 1_000 }];
  const { get } = connect(server.origin, { rest: { quota } });
  for (let count = 0; count < 10; count += 1) await get('things', { signal: controller.signal });
  expect(server.requests).toHaveLength(20);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});
