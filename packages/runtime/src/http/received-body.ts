import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** A body under way, as a stream that its reader holds back. */
export interface ReceivedBody {
  readonly stream: Readable;
  readonly add: (chunk: Buffer) => void;
  readonly finish: () => void;
}

/** Bytes that may wait for the reader before the socket does. */
const highWaterMark = 256 * 1024;

/**
 * Makes the stream of a body: the socket is read as fast as the stream is, and destroying the stream closes it.
 */
export const receivedBody = (controller: Dispatcher.DispatchController): ReceivedBody => {
  let isFinished = false;
  const stream = new Readable({
    highWaterMark,
    read: () => controller.resume(),
    destroy: (error, done) => {
      if (!isFinished) controller.abort(error ?? new Error('nobody reads the answer any more'));
      done(error);
    },
  });
  // Whoever reads it learns what it failed with; before that nobody listens, and Node.js would end the process.
  stream.on('error', () => undefined);
  return {
    stream,
    add: (chunk) => {
      if (!stream.push(chunk)) controller.pause();
    },
    finish: () => {
      isFinished = true;
      stream.push(null);
    },
  };
};
