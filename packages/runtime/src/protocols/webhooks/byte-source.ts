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

/** Reads a body whole, holding no more of it than the cap. */
export const readBytes = async (source: ByteSource, limits: ReadLimits): Promise<ReadBytes> => {
  const { maxBytes, timeoutMs, clock, reserve } = limits;
  let stop = (): void => {};
  const tooSlow = new Promise<'too-slow'>((resolve) => {
    stop = clock.schedule(() => resolve('too-slow'), timeoutMs);
  });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = await Promise.race([source.next(), tooSlow]);
      if (chunk === 'too-slow') return chunk;
      if (chunk === undefined) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
      size += chunk.length;
      if (size > maxBytes) return 'too-large';
      if (!reserve(chunk.length)) return 'crowded';
      chunks.push(chunk);
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
