import type { AuthHeaders } from '../../auth/auth.ts';
import { toConnectorError } from '../../errors/connector-error.ts';
import { parseJson } from '../../http/json.ts';
import type { Clock } from '../../resilience/clock.ts';
import { type ConnectionEnd, cancelledEnd, lost, stopped } from './connection-end.ts';
import type { Dialect, Step } from './dialect.ts';
import { type EventQueue, eventQueue } from './event-queue.ts';
import { type Heartbeat, heartbeat } from './heartbeat.ts';
import type { RealtimeLimits } from './limits.ts';
import { openSocket, type Socket, type SocketListener, type SocketSettings } from './socket.ts';

/** One connection of a subscription, from its handshake to its end. */
export interface Connection extends Pick<EventQueue, 'take'> {
  /** Settled once the vendor took us in and the subscription was sent: undefined, or how the connection ended before. */
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
  readonly network: SocketSettings['network'];
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** The inside of a connection. */
interface Line extends Connection {
  readonly push: EventQueue['push'];
  readonly acknowledge: () => void;
  /** The connection is over; nothing follows. */
  readonly finish: (end: ConnectionEnd) => void;
  /** We end it. */
  readonly fail: (end: ConnectionEnd) => void;
  readonly attach: (socket: Socket) => void;
  readonly socket: () => Socket | undefined;
}

/**
 * Opens a connection and starts its subscription: handshake and acknowledgement under one time limit, then events under
 * a heartbeat, queued with back-pressure.
 * @throws ConnectorError `invalid-settings` when the package ws is not installed.
 */
export const openConnection = async (parts: ConnectionParts): Promise<Connection> => {
  const { url, auth, dialect, limits, closeCodes, network, clock } = parts;
  const line = lineOf(parts);
  try {
    const { maxMessageBytes } = limits;
    const { subprotocol } = dialect;
    const settings = { url, headers: dialect.headers(auth), subprotocol, maxMessageBytes, closeCodes, network };
    line.attach(await openSocket(settings, { listener: listenerOf(parts, line), clock }));
  } catch (thrown) {
    line.finish(cancelledEnd);
    throw thrown;
  }
  return line;
};

const lineOf = ({ url, limits, clock, signal }: ConnectionParts): Line => {
  const { promise: acknowledged, resolve } = Promise.withResolvers<ConnectionEnd | undefined>();
  let socket: Socket | undefined;
  let isOver = false;
  const queue = eventQueue(limits.bufferBytes, { pause: () => socket?.pause(), resume: () => socket?.resume() });

  const finish = (end: ConnectionEnd) => {
    isOver = true;
    cancelTimer();
    signal?.removeEventListener('abort', abort);
    resolve(end);
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
  signal?.addEventListener('abort', abort, { once: true });

  return {
    acknowledged,
    take: queue.take,
    push: queue.push,
    finish,
    fail,
    acknowledge: () => {
      cancelTimer();
      resolve(undefined);
    },
    attach: (opened) => {
      socket = opened;
      // The time limit or the caller may have been faster than the socket.
      if (signal?.aborted) abort();
      else if (isOver) opened.destroy();
    },
    socket: () => socket,
    close: () => {
      finish(cancelledEnd);
      socket?.close();
    },
  };
};

/** The message as JSON, or undefined. */
const parsed = (text: string): { readonly message: unknown } | undefined => {
  try {
    return { message: parseJson(text) };
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
};

const listenerOf = ({ url, auth, dialect, limits, clock }: ConnectionParts, line: Line): SocketListener => {
  let beat: Heartbeat | undefined;
  let isAcknowledged = false;
  const send = (message: unknown) => line.socket()?.send(JSON.stringify(message));
  const acknowledge = () => {
    if (isAcknowledged) return;
    isAcknowledged = true;
    for (const message of dialect.subscribing) send(message);
    line.acknowledge();
  };
  const follow = (step: Step, bytes: number) => {
    if (step.kind === 'event') line.push(step.event, bytes);
    else if (step.kind === 'acknowledged') acknowledge();
    else if (step.kind === 'reply') send(step.message);
    else if (step.kind === 'ended') line.fail(step.end);
  };
  /** Runs what the connector's author wrote: thrown from a socket's listener, it would end the process. */
  const contained = (run: () => void) => {
    try {
      run();
    } catch (thrown) {
      const { code, message, cause } = toConnectorError(thrown);
      line.fail(stopped({ code, message, cause }));
    }
  };
  return {
    opened: () => {
      const dead = () => line.fail(lost({ code: 'unreachable', message: `${url.host} no longer answers pings` }));
      const isPaused = () => line.socket()?.isPaused() === true;
      beat = heartbeat(limits, { clock, isPaused, ping: () => line.socket()?.ping(), dead });
      contained(() => {
        for (const message of dialect.opening(auth)) send(message);
        if (dialect.openIsAcknowledged) acknowledge();
      });
    },
    message: (text, bytes) => {
      const json = parsed(text);
      if (json !== undefined) return contained(() => follow(dialect.read(json.message), bytes));
      line.fail(stopped({ code: 'unexpected-content', message: `${url.host} sent a message that is not JSON` }));
    },
    heard: () => beat?.heard(),
    ended: (end) => {
      beat?.stop();
      line.finish(end);
    },
  };
};
