import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { loadPeer } from '../../errors/absent-peer.ts';
import type { Failure } from '../../errors/failure.ts';
import { statusFailure, transportFailure } from '../../http/failure.ts';
import type { Network } from '../../http/network.ts';
import { tunnelTo } from '../../http/tunnel.ts';
import type { Clock } from '../../resilience/clock.ts';
import { type CloseMeanings, closeEnd } from './close-codes.ts';
import { type ConnectionEnd, lost, stopped } from './connection-end.ts';

/** What a socket is opened with. */
export interface SocketSettings {
  /** `ws:` or `wss:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocol?: string | undefined;
  /** Largest message, bytes. */
  readonly maxMessageBytes: number;
  readonly closeCodes?: CloseMeanings | undefined;
  /** Proxy, certificate authorities and client certificate. */
  readonly network: Network;
}

/** Whom a socket tells. */
export interface SocketListener {
  readonly opened: () => void;
  readonly message: (text: string, bytes: number) => void;
  /** Anything came, a pong for instance. */
  readonly heard: () => void;
  /** Once, and nothing after it. */
  readonly ended: (end: ConnectionEnd) => void;
}

/** A socket under way. */
export interface Socket {
  readonly send: (text: string) => void;
  readonly ping: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly isPaused: () => boolean;
  /** Says goodbye where it can still be heard, and lets the socket go. */
  readonly close: () => void;
  /** Lets the socket go at once. */
  readonly destroy: () => void;
}

const hasCode = (thrown: Error): thrown is Error & { code: string } =>
  'code' in thrown && typeof thrown.code === 'string';

/** An error of the WebSocket itself; those of the network are classified as for any call. */
const socketFailure = (thrown: Error, { url, maxMessageBytes }: SocketSettings): ConnectionEnd => {
  const { host } = url;
  if (!hasCode(thrown)) {
    const message = `${host} does not complete the WebSocket handshake: check the URL and the protocol`;
    return stopped({ code: 'unexpected-content', message, cause: thrown });
  }
  if (thrown.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const message = `${host} sent a message of more than ${maxMessageBytes} bytes: raise maxMessageBytes if it is right`;
    return stopped({ code: 'too-large', message });
  }
  if (thrown.code.startsWith('WS_ERR_')) {
    return stopped({ code: 'unexpected-content', message: `${host} breaks the WebSocket protocol (${thrown.code})` });
  }
  return lost(transportFailure(thrown, { host, sent: true, answered: false }));
};

const refusedHandshake = (answer: IncomingMessage, nowMs: number): Failure => {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = value?.toString();
  const status = answer.statusCode ?? 0;
  return (
    statusFailure({ status, headers }, nowMs) ?? {
      code: 'unexpected-content',
      message: `the vendor answered ${status} instead of opening a WebSocket`,
      status,
    }
  );
};

/**
 * Opens a WebSocket. No compression is offered: an answer in it would be a protocol error, so no message can grow
 * beyond the bytes that were received.
 * @throws ConnectorError `invalid-settings` when the package ws is not installed.
 */
export const openSocket = async (
  settings: SocketSettings,
  { listener, clock }: { readonly listener: SocketListener; readonly clock: Clock },
): Promise<Socket> => {
  const ws = await loadPeer({ name: 'ws', subpath: '/realtime' }, () => import('ws'));
  const { url, headers, subprotocol, maxMessageBytes, network } = settings;
  const tunnel = tunnelTo(url, network);
  const options = {
    ...network.tls,
    ...{ headers, maxPayload: maxMessageBytes, perMessageDeflate: false, followRedirects: false },
    // Typed as net.createConnection there; node:http takes one that calls back as well.
    ...(tunnel && { createConnection: tunnel.createConnection as never }),
  };
  const socket = new ws.WebSocket(url, subprotocol === undefined ? [] : [subprotocol], options);
  listen(socket, { settings, listener, clock });
  const destroy = () => {
    tunnel?.cancel();
    socket.terminate();
  };
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    ping: () => {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    isPaused: () => socket.isPaused,
    close: () => {
      if (socket.readyState === socket.OPEN) socket.close(1000);
      // Whoever is gone does not wait for the other side's goodbye.
      destroy();
    },
    destroy,
  };
};

const listen = (
  socket: WebSocket,
  given: { readonly settings: SocketSettings; readonly listener: SocketListener; readonly clock: Clock },
): void => {
  const { settings, listener, clock } = given;
  let isOver = false;
  const end = (reason: ConnectionEnd) => {
    if (isOver) return;
    isOver = true;
    listener.ended(reason);
    socket.terminate();
  };
  socket.on('open', listener.opened);
  socket.on('message', (data: Buffer) => {
    if (isOver) return;
    listener.heard();
    listener.message(data.toString(), data.length);
  });
  socket.on('pong', listener.heard);
  socket.on('ping', listener.heard);
  // Ended by the first of them; the others only follow from it.
  socket.on('error', (thrown) => end(socketFailure(thrown, settings)));
  socket.on('close', (code) => end(closeEnd(code, settings.closeCodes)));
  socket.on('unexpected-response', (_request, answer) => {
    answer.destroy();
    end(lost(refusedHandshake(answer, clock.now())));
  });
};
