import { Readable } from 'node:stream';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { connectorError } from '../errors/connector-error.ts';

/** Above this many compressed bytes the thread is not held up while inflating. */
const inflateInPlaceBelow = 128 * 1024;
const chunkSize = 64 * 1024;

const tooLarge = (maxBytes: number) => connectorError('too-large', `the answer is larger than ${maxBytes} bytes`);

/** Reads a stream of bytes whole, counting; stops and destroys it beyond the cap. */
const collect = async (stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the socket.
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const [only] = chunks;
  // A standard fetch gives plain byte arrays, whose toString knows no encodings.
  return chunks.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(chunks, size);
};

const isOverCap = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

const inflate = async (
  bytes: Buffer,
  { encoding, maxBytes }: { encoding: 'gzip' | 'br'; maxBytes: number },
): Promise<Buffer> => {
  if (bytes.length >= inflateInPlaceBelow) {
    const inflating = encoding === 'br' ? createBrotliDecompress({ chunkSize }) : createGunzip({ chunkSize });
    return collect(Readable.from([bytes]).pipe(inflating), maxBytes);
  }
  try {
    const options = { maxOutputLength: maxBytes, chunkSize };
    return encoding === 'br' ? brotliDecompressSync(bytes, options) : gunzipSync(bytes, options);
  } catch (error) {
    if (isOverCap(error)) throw tooLarge(maxBytes);
    throw error;
  }
};

/** How to read a body. */
export interface BodyOptions {
  /** The content-encoding header. */
  readonly encoding: string | undefined;
  /** Cap on the bytes, before and after inflating. */
  readonly maxBytes: number;
}

/**
 * Reads a body whole under a cap that holds for compressed and inflated bytes alike.
 * @throws ConnectorError `too-large`, or `unexpected-content` for an encoding that was not asked for; what zlib throws
 * for bytes that are not what their encoding says.
 */
export const readBody = async (
  stream: AsyncIterable<Uint8Array>,
  { encoding, maxBytes }: BodyOptions,
): Promise<Buffer> => {
  const bytes = await collect(stream, maxBytes);
  const named = encoding?.trim().toLowerCase();
  if (named === undefined || named === '' || named === 'identity' || bytes.length === 0) return bytes;
  if (named !== 'gzip' && named !== 'x-gzip' && named !== 'br') {
    throw connectorError('unexpected-content', 'the answer has a content encoding that was not asked for');
  }
  return inflate(bytes, { encoding: named === 'br' ? 'br' : 'gzip', maxBytes });
};
