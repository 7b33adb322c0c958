import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { readBytes } from '../src/protocols/webhooks/byte-source.ts';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Frees what nobody holds. */
const freed = async (): Promise<void> => {
  // Weak references hold until the end of the turn in which they were made.
  await new Promise((resolve) => setImmediate(resolve));
  if (typeof collect === 'function') collect();
};

const limits = { maxBytes: 10_000, timeoutMs: 60_000, clock: systemClock, reserve: () => true };

test('a body of one byte a chunk is held as few buffers, and comes out whole', async () => {
  const sent = 5_000;
  const chunks: WeakRef<Uint8Array>[] = [];
  let alive = sent;
  const read = await readBytes(
    {
      next: async () => {
        if (chunks.length === sent) {
          await freed();
          alive = chunks.filter((chunk) => chunk.deref() !== undefined).length;
          return undefined;
        }
        const chunk = Uint8Array.of(chunks.length % 251);
        chunks.push(new WeakRef(chunk));
        return chunk;
      },
    },
    limits,
  );
  expect(read).toEqual(Buffer.from(Array.from({ length: sent }, (_, index) => index % 251)));
  expect(alive).toBeLessThan(1_024);
});

test('a body of one chunk is that chunk, and one of none is empty', async () => {
  const only = Buffer.from('{}');
  const source = (...chunks: Uint8Array[]) => ({ next: async () => chunks.shift() });
  expect(await readBytes(source(only), limits)).toBe(only);
  expect(await readBytes(source(), limits)).toHaveLength(0);
});
