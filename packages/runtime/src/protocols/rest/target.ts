import { connectorError } from '../../errors/connector-error.ts';
import { checkedBaseUrl, onSameOrigin } from '../../http/bounds.ts';
import type { CallRoad } from '../../resilience/call-road.ts';
import { appendAll } from './body.ts';
import type { RestRequest } from './request.ts';

/** Where a request goes. */
export interface Target {
  readonly url: URL;
  /** Another host than the transport's own: the connection's credentials and headers stay at home. */
  readonly isForeign: boolean;
}

/** Where a transport may send. */
export interface TargetBounds {
  readonly baseUrl: URL;
  /** Hosts, with their port where it is not the usual one, to which the vendor may lead. */
  readonly hosts: readonly string[];
  readonly road: CallRoad;
}

// `people:batchGet` is a path of its own at some vendors, and would parse as a URL of the scheme `people`.
const absolute = /^https?:\/\//i;

/** A `next` link is shown without its query, which may hold values. */
export const templateOf = (path: string): string =>
  absolute.test(path) && URL.canParse(path) ? new URL(path).pathname : `/${path.replace(/^\//, '')}`;

/**
 * A value as one segment of a path. An empty one would address the whole collection and a dotted one its parent,
 * because URL parsers resolve `..` also when it is percent-encoded.
 */
const segment = (value: string | undefined, { name, path }: { name: string; path: string }): string => {
  if (value === undefined)
    throw connectorError('invalid-definition', `path parameter '${name}' of ${path} has no value`);
  if (value === '' || value === '.' || value === '..') {
    throw connectorError('invalid-request', `path parameter '${name}' of ${path} is empty or only dots: give an id`);
  }
  return encodeURIComponent(value);
};

/**
 * The URL of a request, on the transport's origin or on one of its listed hosts.
 * @throws ConnectorError `unsafe-url`; `invalid-definition` or `invalid-request` for a placeholder without a value.
 */
export const targetOf = (request: RestRequest, { baseUrl, hosts, road }: TargetBounds): Target => {
  const { path, parameters = {}, query = {} } = request;
  const isAbsolute = absolute.test(path);
  const filled = isAbsolute
    ? path
    : path.replace(/\{(\w+)\}/g, (_, name: string) => segment(parameters[name], { name, path }));
  const asked = isAbsolute ? URL.parse(filled) : null;
  const isForeign = asked !== null && asked.origin !== baseUrl.origin && hosts.includes(asked.host);
  const url = isForeign
    ? checkedBaseUrl(asked.href, road)
    : onSameOrigin(isAbsolute ? filled : `./${filled.replace(/^\/+/, '')}`, baseUrl);
  appendAll(url.searchParams, query);
  return { url, isForeign };
};
