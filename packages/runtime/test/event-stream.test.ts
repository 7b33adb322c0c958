import { expect, test, vi } from 'vitest';
import { errorLines, type RuntimeEvent } from '../src/index.ts';
import { eventStream, fanOut } from '../src/telemetry/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const event = (host: string): RuntimeEvent => ({
  ...{ type: 'insecure-host-allowed', at: 0, connector: 'acme', connection: 'acme', host },
});

const hosts = async (stream: AsyncIterable<RuntimeEvent>): Promise<string[]> => {
  const read: string[] = [];
  for await (const each of stream) if (each.type === 'insecure-host-allowed') read.push(each.host);
  return read;
};

test('a reader gets the events that were there before it and those that come while it waits', async () => {
  const stream = eventStream();
  stream.sink(event('a'));
  const read = hosts(stream);
  await new Promise<void>((resolve) => setImmediate(resolve));
  stream.sink(event('b'));
  stream.sink(event('c'));
  stream.close();
  stream.sink(event('too late'));
  expect(await read).toEqual(['a', 'b', 'c']);
});

test('a reader that falls behind loses the oldest events, and they are counted', async () => {
  const stream = eventStream({ capacity: 2 });
  for (const host of ['a', 'b', 'c', 'd']) stream.sink(event(host));
  stream.close();
  expect(await hosts(stream)).toEqual(['c', 'd']);
  expect(stream.dropped()).toBe(2);
});

test('a sink that fails keeps no event from the others, and none from the caller', async () => {
  const seen: string[] = [];
  const sink = fanOut(
    () => {
      throw new Error('broken');
    },
    async () => Promise.reject(new Error('broken later')),
    ({ type }) => void seen.push(type),
  );
  sink(event('a'));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['insecure-host-allowed']);
});

test('an error is logged as one line that says connector, operation, connection, attempts and request id', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const { origin } = await serve((response, _request, number) =>
    json(response, {}, number === 0 ? 503 : 404, { 'x-request-id': `r-${number}` }),
  );
  await refusal(connect(origin, { id: 'acme-eu', events: errorLines }).get());
  write.mockRestore();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...{ type: 'call-failed', connector: 'acme', connection: 'acme-eu', operation: 'things.get' },
    ...{ method: 'GET', attempts: 2, code: 'not-found', status: 404, requestId: 'r-1' },
  });
});
