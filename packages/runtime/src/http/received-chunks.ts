import type { Readable } from 'node:stream';
import { connectorError } from '../errors/connector-error.ts';
import type { CallRoad } from '../resilience/call-road.ts';
import { throwIfCancelled } from '../resilience/clock.ts';
import { transportFailure } from './failure.ts';
import { stopped } from './fetch.ts';

/** Whose body it is, and who may stop it. */
export interface BodyPlace {
  readonly road: CallRoad;
  readonly host: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pieces of a body that is read as it arrives. Each must come within the time of one request; the time that their
 * reader takes is its own. Leaving the loop closes the socket.
 * @throws ConnectorError `truncated` for a body that ends before its time, `timeout`, `cancelled`, `unexpected-content`.
 */
export async function* receivedChunks(stream: Readable, { road, host, signal }: BodyPlace): AsyncGenerator<Buffer> {
  const { requestTimeoutMs } = road.limits;
  let isLate = false;
  const cancel = () => stream.destroy(stopped());
  const expire = () => {
    isLate = true;
    cancel();
  };
  const iterator: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    throwIfCancelled(signal);
    for (;;) {
      const limit = road.deadlines.start(requestTimeoutMs, expire);
      const step = await iterator.next().finally(() => road.deadlines.stop(limit));
      if (step.done === true) return;
      yield step.value;
    }
  } catch (thrown) {
    throwIfCancelled(signal);
    if (isLate) throw connectorError('timeout', `${host} sent nothing more of the answer for ${requestTimeoutMs} ms`);
    const { code, message, cause } = transportFailure(thrown, { host, sent: true, answered: true });
    throw connectorError(code, message, { cause });
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.destroy();
  }
}
