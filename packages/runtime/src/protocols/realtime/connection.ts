import type { AuthHeaders } from '../../auth/auth.ts';
import { parseJson } from '../../http/json.ts';
import type { Clock } from '../../resilience/clock.ts';
import { type ConnectionEnd, cancelledEnd, lost, stopped } from './connection-end.ts';
import type { Dialect, Step } from './dialect.ts';
import { type EventQueue, eventQueue } from './event-queue.ts';
import { type Heartbeat, heartbeat } from './heartbeat.ts';
import type { RealtimeLimits } from './limits.ts';
import { openSocket, type Socket, type SocketSettings } from './socket.ts';

/** One connection of a subscription, from its handshake to its end. */
export interface Connection extends Pick<EventQueue, 'take'> {
  /** Settled once the vendor took the subscription in: undefined, or how the connection ended before. */
  readonly acknowledged: Promise<ConnectionEnd | undefined>;
  readonly close: () => void;
}

/** What a connection is made of. */
export interface ConnectionParts {
  readonly url: URL;
  readonly auth: AuthHeaders;
  readonly dialect: Dialect;
  readonly limits: RealtimeLimits;
  readonly closeCodes: SocketSettings['closeCodes'];
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** The message as JSON, or undefined. */
const parsed = (text: string): { readonly message: unknown } | undefined => {
  try {
    return { message: parseJson(text) };
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
};

/**
 * Opens a connection and starts its subscription: handshake and acknowledgement under one time limit, then events under
 * a heartbeat, queued with back-pressure.
 * @throws ConnectorError `invalid-settings` when the package ws is not installed.
 */
export const openConnection = async (parts: ConnectionParts): Promise<Connection> => {
  const { url, auth, dialect, limits, closeCodes, clock, signal } = parts;
  const { promise: acknowledged, resolve: acknowledge } = Promise.withResolvers<ConnectionEnd | undefined>();
  let socket: Socket | undefined;
  let beat: Heartbeat | undefined;
  const queue = eventQueue(limits.bufferBytes, {
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
  });

  const finish = (end: ConnectionEnd) => {
    cancelTimer();
    beat?.stop();
    signal?.removeEventListener('abort', abort);
    acknowledge(end);
    queue.finish(end);
  };
  const fail = (end: ConnectionEnd) => {
    finish(end);
    socket?.destroy();
  };
  const abort = () => fail(cancelledEnd);
  const cancelTimer = clock.schedule(() => {
    const message = `${url.host} did not acknowledge the connection within ${limits.ackTimeoutMs} ms`;
    fail(lost({ code: 'timeout', message }));
  }, limits.ackTimeoutMs);

  const send = (message: unknown) => socket?.send(JSON.stringify(message));
  const isAcknowledged = () => {
    cancelTimer();
    for (const message of dialect.subscribing) send(message);
    acknowledge(undefined);
  };
  const follow = (step: Step, bytes: number) => {
    if (step.kind === 'event') queue.push(step.event, bytes);
    else if (step.kind === 'acknowledged') isAcknowledged();
    else if (step.kind === 'reply') send(step.message);
    else if (step.kind === 'ended') fail(step.end);
  };
  const listener = {
    opened: () => {
      const deadPeer = { code: 'unreachable' as const, message: `${url.host} no longer answers pings` };
      const dead = () => fail(lost(deadPeer));
      const isPaused = () => socket?.isPaused() === true;
      beat = heartbeat(limits, { clock, isPaused, ping: () => socket?.ping(), dead });
      for (const message of dialect.opening(auth)) send(message);
      if (dialect.openIsAcknowledged) isAcknowledged();
    },
    message: (text: string, bytes: number) => {
      const json = parsed(text);
      if (json === undefined) {
        fail(stopped({ code: 'unexpected-content', message: `${url.host} sent a message that is not JSON` }));
      } else {
        follow(dialect.read(json.message), bytes);
      }
    },
    heard: () => beat?.heard(),
    ended: finish,
  };

  signal?.addEventListener('abort', abort, { once: true });
  const { maxMessageBytes } = limits;
  const settings = {
    url,
    headers: dialect.headers(auth),
    subprotocol: dialect.subprotocol,
    maxMessageBytes,
    closeCodes,
  };
  try {
    socket = await openSocket(settings, { listener, clock });
  } catch (thrown) {
    finish(cancelledEnd);
    throw thrown;
  }
  if (signal?.aborted) abort();
  return {
    acknowledged,
    take: queue.take,
    close: () => {
      finish(cancelledEnd);
      socket?.close();
    },
  };
};
