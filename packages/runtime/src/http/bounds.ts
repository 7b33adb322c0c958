import { connectorError } from '../errors/connector-error.ts';
import type { CallRoad } from '../resilience/call-road.ts';
import { emit } from '../telemetry/sink.ts';
import { refusePrivateLiteral } from './addresses.ts';

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
 * A target on the very origin that it comes from.
 * @throws ConnectorError `unsafe-url`, naming both hosts.
 */
export const onSameOrigin = (target: string, from: URL): URL => {
  const url = URL.parse(target, from);
  if (url === null) throw connectorError('unsafe-url', `${from.host} points to something that is not a URL`);
  if (!isForeign(url, { baseUrl: from })) return url;
  throw leaving(url, from);
};

const leaving = (url: URL, from: URL) =>
  connectorError('unsafe-url', `${from.origin} points to ${url.origin}, which is not followed`);

/** Where the calls of a transport may go. */
export interface TransportBounds {
  /** Its own base: the user's choice, and may be private. */
  readonly baseUrl: URL;
  /**
   * Other hosts to which the vendor may send it, for instance for files: `files.example.com`, `*.example.com` for what
   * lies below, `files.example.com:8443` with a port. They are asked over https and without credentials.
   */
  readonly hosts?: readonly string[] | undefined;
}

const isListed = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;

/** Whether a target is a host that only the vendor named: no credentials for it, and no private address. */
export const isForeign = (url: URL, { baseUrl }: TransportBounds): boolean =>
  // Asked for every request: hosts are compared first, because an origin is put together anew each time.
  url.host !== baseUrl.host || url.protocol !== baseUrl.protocol;

/**
 * Checks a target that the vendor supplied: a redirect, a `next` link, the address of a job's result. It stays on the
 * transport's own origin, or goes by https to a host that the connector lists and that is not spelled as a private
 * address. (What its name resolves to is checked when the socket is opened.)
 * Vendor tokens in headers of their own survive a cross-origin redirect in fetch, so this is the only way out.
 * @throws ConnectorError `unsafe-url`, naming both hosts.
 */
export const withinBounds = (target: string | URL, bounds: TransportBounds, from = bounds.baseUrl): URL => {
  const url = typeof target === 'string' ? URL.parse(target, from) : target;
  if (url === null) throw connectorError('unsafe-url', `${from.host} points to something that is not a URL`);
  if (!isForeign(url, bounds)) return url;
  const isAllowed =
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    bounds.hosts?.some((pattern) => isListed(url.host, pattern)) === true;
  if (!isAllowed) throw leaving(url, from);
  refusePrivateLiteral(url);
  return url;
};

/** Plain http beyond loopback is only reached here when the host allowed it by name. Warns once of each host. */
export const warnOfPlainHttp = (road: CallRoad, url: URL): void => {
  if (url.protocol === 'https:' || isLoopback(url.hostname) || road.warned.has(url.host)) return;
  road.warned.add(url.host);
  const { connector, connection, clock } = road;
  emit(road.events, { type: 'insecure-host-allowed', at: clock.now(), connector, connection, host: url.host });
};
