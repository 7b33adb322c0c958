import { expect, test } from 'vitest';
import type { RuntimeEvent } from '../src/index.ts';
import { eventStream, fanOut } from '../src/telemetry/index.ts';

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
