import { connectorError } from '../errors/connector-error.ts';
import type { CallRoad } from '../resilience/call-road.ts';
import { emit } from '../telemetry/sink.ts';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name is this machine's own loopback. */
const isLoopback = (hostname: string): boolean => loopback.test(hostname);

/** Whom a base URL belongs to, for the message of its refusal. */
export interface BaseUrlOwner {
  readonly connector: string;
  /** The one host to which plain http is allowed. */
  readonly allowInsecureHost?: string | undefined;
}

/**
 * Checks the base URL of a transport: https, or http to loopback or to the one allowed host, and no password in it.
 * @throws ConnectorError `unsafe-url` or `invalid-settings`.
 */
export const checkedBaseUrl = (text: string, { connector, allowInsecureHost }: BaseUrlOwner): URL => {
  if (!URL.canParse(text))
    throw connectorError('invalid-settings', `the base URL of ${connector} is not a URL`, { connector });
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw connectorError(
      'unsafe-url',
      `the URL of ${connector} at ${url.host} holds a password: give it as a credential`,
      { connector },
    );
  }
  if (url.protocol === 'https:') return url;
  const allowed = url.protocol === 'http:' && (isLoopback(url.hostname) || url.hostname === allowInsecureHost);
  if (allowed) return url;
  const advice = `use https://${url.host}, or set allowInsecureHost to '${url.hostname}' for a test host`;
  throw connectorError('unsafe-url', `${connector} may not speak ${url.protocol}// to ${url.host}: ${advice}`, {
    connector,
  });
};

/**
 * The target of a redirect or of a `next` link, when it stays on the origin.
 * Vendor tokens in headers of their own survive a cross-origin redirect in fetch, so other origins are never followed.
 * @throws ConnectorError `unsafe-url`, naming both hosts.
 */
export const onSameOrigin = (target: string, from: URL): URL => {
  const url = URL.parse(target, from);
  if (url === null) throw connectorError('unsafe-url', `${from.host} points to something that is not a URL`);
  if (url.origin === from.origin) return url;
  throw connectorError('unsafe-url', `${from.origin} points to ${url.origin}, which is not followed`);
};

/** Plain http beyond loopback is only reached here when the host allowed it by name. Warns once of each host. */
export const warnOfPlainHttp = (road: CallRoad, url: URL): void => {
  if (url.protocol === 'https:' || isLoopback(url.hostname) || road.warned.has(url.host)) return;
  road.warned.add(url.host);
  const { connector, connection, clock } = road;
  emit(road.events, { type: 'insecure-host-allowed', at: clock.now(), connector, connection, host: url.host });
};
