import { connectorError } from '../../errors/connector-error.ts';
import { onSameOrigin, type TransportBounds, withinBounds } from '../../http/bounds.ts';
import { appendAll } from './body.ts';
import type { RestRequest } from './request.ts';

// `people:batchGet` is a path of its own at some vendors, and would parse as a URL of the scheme `people`.
const absolute = /^https?:\/\//i;

/** A segment with a digit is an id, but for the version of an API: `v3`, `v2.1`, `2026-10`. */
const isId = (part: string): boolean => /\d/.test(part) && !/^(?:v\d+(?:\.\d+)*|\d{4}-\d\d(?:-\d\d)?)$/i.test(part);

/** A link of the vendor's has values where ours has placeholders: it is shown without its query and its ids. */
const linkTemplate = ({ pathname }: URL): string =>
  pathname
    .split('/')
    .map((part) => (isId(part) ? '{id}' : part))
    .join('/');

/** The path as errors, events and metrics show it. */
export const templateOf = (path: string): string =>
  absolute.test(path) && URL.canParse(path) ? linkTemplate(new URL(path)) : `/${path.replace(/^\//, '')}`;

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
export const targetOf = ({ path, parameters = {}, query }: RestRequest, bounds: TransportBounds): URL => {
  const fill = () => path.replace(/\{(\w+)\}/g, (_, name: string) => segment(parameters[name], { name, path }));
  // An absolute one came from the vendor: braces in it are its own.
  const url = absolute.test(path)
    ? withinBounds(path, bounds)
    : onSameOrigin(`./${fill().replace(/^\/+/, '')}`, bounds.baseUrl);
  // The parameters of a URL are an object that costs as much as the URL: only made where there are some to add.
  if (query !== undefined) appendAll(url.searchParams, query);
  return url;
};
