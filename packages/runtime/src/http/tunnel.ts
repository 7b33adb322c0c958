import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { connectorError } from '../errors/connector-error.ts';
import type { Network } from './network.ts';

/** A way through a proxy, for what is no HTTP request. */
export interface Tunnel {
  /** As `createConnection` of node:http takes it. */
  readonly createConnection: (options: unknown, done: (error: Error | null, socket?: Duplex) => void) => undefined;
  /** Gives a proxy up that has not answered. */
  readonly cancel: () => void;
}

const portOf = ({ port, protocol }: URL): string =>
  port !== '' ? port : protocol === 'https:' || protocol === 'wss:' ? '443' : '80';

const authorizationOf = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
};

const refused = (proxy: URL, { statusCode }: IncomingMessage): Error =>
  connectorError('unreachable', `the proxy ${proxy.host} answered ${statusCode} instead of opening a tunnel`);

/**
 * A tunnel (CONNECT) through the network's proxy, so that the proxy sees only the host; undefined where there is no
 * proxy. Verifies the target's certificate with the network's own settings. Never throws: errors go to the socket.
 */
export const tunnelTo = (target: URL, { proxy, tls }: Network): Tunnel | undefined => {
  if (proxy === undefined) return undefined;
  const { cert: _cert, key: _key, ...proxyTls } = tls;
  const authority = `${target.hostname}:${portOf(target)}`;
  const send = proxy.protocol === 'https:' ? secureRequest : plainRequest;
  let cancel = () => {};
  return {
    cancel: () => cancel(),
    createConnection: (_options, done) => {
      const request = send({
        ...{ host: proxy.hostname, port: portOf(proxy), method: 'CONNECT', path: authority, agent: false },
        ...proxyTls,
        headers: { host: authority, ...authorizationOf(proxy) },
      });
      cancel = () => request.destroy();
      request.once('error', (error) => done(error));
      request.once('response', (answer) => {
        answer.destroy();
        done(refused(proxy, answer));
      });
      request.once('connect', (answer, socket) => {
        if (answer.statusCode !== 200) {
          socket.destroy();
          return done(refused(proxy, answer));
        }
        const isSecure = target.protocol === 'https:' || target.protocol === 'wss:';
        done(null, isSecure ? connectTls({ ...tls, socket, servername: target.hostname }) : socket);
      });
      request.end();
      return undefined;
    },
  };
};
