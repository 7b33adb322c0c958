import type { Clock } from '../../resilience/clock.ts';

/** Bytes of a request, chunk by chunk. */
export interface ByteSource {
  /** The next chunk; undefined at the end. Rejects when the sender went away. */
  readonly next: () => Promise<Uint8Array | undefined>;
}

/** How long and how much to read. */
export interface ReadLimits {
  readonly maxBytes: number;
  /** For the whole body, milliseconds: a limit on each pause would let one byte a second go on for ever. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Whether memory has room for so many bytes more. */
  readonly reserve: (bytes: number) => boolean;
}

/** A body, or why it was not read to its end. */
export type ReadBytes = Uint8Array | 'too-large' | 'too-slow' | 'crowded' | 'broken';

/** So many chunks are put together: a byte in a chunk of its own takes a hundred times its size, which no cap counts. */
const mostChunks = 1_024;

/** Holds chunks, few of them however small they come. */
const chunkHolder = () => {
  const blocks: Uint8Array[] = [];
  let chunks: Uint8Array[] = [];
  const join = () => {
    const [only] = chunks;
    if (only !== undefined) blocks.push(chunks.length === 1 ? only : Buffer.concat(chunks));
    chunks = [];
  };
  return {
    add: (chunk: Uint8Array): void => {
      chunks.push(chunk);
      if (chunks.length === mostChunks) join();
    },
    whole: (): Uint8Array => {
      join();
      const [only] = blocks;
      return blocks.length === 1 && only !== undefined ? only : Buffer.concat(blocks);
    },
  };
};

/** Reads a body whole, holding no more of it than the cap. */
export const readBytes = async (source: ByteSource, limits: ReadLimits): Promise<ReadBytes> => {
  const { maxBytes, timeoutMs, clock, reserve } = limits;
  let isLate = false;
  let late = (): void => {};
  const stop = clock.schedule(() => {
    isLate = true;
    late();
  }, timeoutMs);
  // Promise.race against one promise would leave something behind on it with every chunk.
  const next = () =>
    new Promise<Uint8Array | 'too-slow' | undefined>((resolve, reject) => {
      if (isLate) return resolve('too-slow');
      late = () => resolve('too-slow');
      source.next().then(resolve, reject);
    });
  try {
    const held = chunkHolder();
    let size = 0;
    for (;;) {
      const chunk = await next();
      if (chunk === 'too-slow') return chunk;
      if (chunk === undefined) return held.whole();
      size += chunk.length;
      if (size > maxBytes) return 'too-large';
      if (!reserve(chunk.length)) return 'crowded';
      held.add(chunk);
    }
  } catch {
    return 'broken';
  } finally {
    stop();
  }
};

/** The bytes of an async iterable. It is left as it stands when reading stops early. */
export const iteratedBytes = (iterator: AsyncIterator<Uint8Array>): ByteSource => ({
  next: async () => {
    const result = await iterator.next();
    return result.done === true ? undefined : result.value;
  },
});
