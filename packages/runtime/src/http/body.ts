import { pipeline, Readable } from 'node:stream';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { type ConnectorError, connectorError } from '../errors/connector-error.ts';

/** Above this many compressed bytes the thread is not held up while inflating. */
const inflateInPlaceBelow = 128 * 1024;
const chunkSize = 64 * 1024;

/** What an answer beyond its cap is refused with. */
export const tooLarge = (maxBytes: number): ConnectorError =>
  connectorError('too-large', `the answer is larger than ${maxBytes} bytes`);

/** Puts the pieces of a body together; one alone is taken as it is. */
export const joinChunks = (chunks: readonly Uint8Array[], size: number): Buffer => {
  const [only] = chunks;
  // A standard fetch gives plain byte arrays, whose toString knows no encodings.
  return chunks.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(chunks, size);
};

/**
 * Reads a stream of bytes whole, counting; stops and destroys it beyond the cap.
 * @throws ConnectorError `too-large`; what the stream fails with.
 */
export const readStream = async (stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the socket.
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return joinChunks(chunks, size);
};

const isOverCap = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

const isStacked = (encoding: string): boolean => encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'br';

const isPlain = (named: string | undefined): named is '' | 'identity' | undefined =>
  named === undefined || named === '' || named === 'identity';

/**
 * A body as it arrives, inflated. What goes wrong with either stream ends both, so that a reader who stops has closed
 * the socket.
 * @throws ConnectorError `unexpected-content` for an encoding that was not asked for.
 */
export const inflating = (body: Readable, encoding: string | undefined): Readable => {
  const named = encoding?.trim().toLowerCase();
  if (isPlain(named)) return body;
  if (isStacked(named)) throw notAskedFor();
  const inflated = named === 'br' ? createBrotliDecompress({ chunkSize }) : createGunzip({ chunkSize });
  // Its reader is told by the stream itself.
  return pipeline(body, inflated, () => undefined).on('error', () => undefined);
};

const notAskedFor = () =>
  connectorError('unexpected-content', 'the answer has a content encoding that was not asked for');

/** How to inflate a body. */
export interface Inflation {
  /** The content-encoding header. */
  readonly encoding: string | undefined;
  /** Cap on the inflated bytes. */
  readonly maxBytes: number;
}

/**
 * Inflates a body under a cap that zlib enforces while it works. A small one is inflated in place, which costs half of
 * the stream that a large one goes through.
 * @throws ConnectorError `too-large`, or `unexpected-content` for an encoding that was not asked for; what zlib throws
 * for bytes that are not what their encoding says.
 */
export const inflate = (bytes: Buffer, { encoding, maxBytes }: Inflation): Buffer | Promise<Buffer> => {
  const named = encoding?.trim().toLowerCase();
  if (isPlain(named) || bytes.length === 0) return bytes;
  if (isStacked(named)) throw notAskedFor();
  if (bytes.length >= inflateInPlaceBelow) {
    const inflated = named === 'br' ? createBrotliDecompress({ chunkSize }) : createGunzip({ chunkSize });
    return readStream(Readable.from([bytes]).pipe(inflated), maxBytes);
  }
  try {
    const options = { maxOutputLength: maxBytes, chunkSize };
    return named === 'br' ? brotliDecompressSync(bytes, options) : gunzipSync(bytes, options);
  } catch (error) {
    if (isOverCap(error)) throw tooLarge(maxBytes);
    throw error;
  }
};
