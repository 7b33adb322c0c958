import type { IncomingMessage } from 'node:http';
import { parseJson } from './record.ts';

/** A body that was read whole, or the reason why not. */
export type ReadBody = { bytes: Buffer } | { failure: 'too-large' | 'aborted' };

/** Reads the whole request body; stops keeping bytes beyond `maxBytes`, but drains them so that the answer arrives. */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    });
    message.on('end', () => resolve(size > maxBytes ? { failure: 'too-large' } : { bytes: Buffer.concat(chunks) }));
    message.on('error', () => resolve({ failure: 'aborted' }));
    message.on('close', () => resolve({ failure: 'aborted' }));
  });
}

/** Parses the bytes by their content type; an absent content type is tried as JSON. */
export function parseBody(bytes: Buffer, contentType: string | undefined): { body: unknown; malformed: boolean } {
  if (bytes.length === 0) return { body: undefined, malformed: false };
  const type = contentType ?? 'application/json';
  if (type.includes('application/x-www-form-urlencoded')) {
    return { body: new URLSearchParams(bytes.toString('utf8')), malformed: false };
  }
  if (!type.includes('json')) return { body: undefined, malformed: false };
  const body = parseJson(bytes.toString('utf8'));
  return { body, malformed: body === undefined };
}
