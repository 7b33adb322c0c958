import type { Effect } from '../../contract/effect.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { connectorError } from '../../errors/connector-error.ts';
import type { Failure } from '../../errors/failure.ts';
import { checkedBaseUrl, onSameOrigin, warnOfPlainHttp } from '../../http/bounds.ts';
import { httpClient } from '../../http/client.ts';
import { statusFailure } from '../../http/failure.ts';
import { joinedHeaders } from '../../http/headers.ts';
import { exchangeJson, type JsonAnswer } from '../../http/json-exchange.ts';
import { type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
import type { QuotaRule } from '../../resilience/quota.ts';

/** A value of a query parameter; undefined leaves the parameter out, an array repeats it. */
export type QueryValue = string | number | boolean | undefined | readonly string[];

/** One REST request. */
export interface RestRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base URL with `{placeholders}`: what errors and metrics show. Or an absolute URL on its origin. */
  readonly path: string;
  /** Values of the placeholders; percent-encoded here. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a second sending does; by the method unless given: POST and PATCH count as `unsafe`. */
  readonly effect?: Effect;
  /** Name of the quota that the request draws on; `default` unless given. */
  readonly quota?: string;
}

/** A REST answer of a success status. */
export type RestAnswer = JsonAnswer;

/** A live REST transport. */
export interface RestTransport {
  /** Sends a request over the call road. @throws ConnectorError */
  readonly send: (request: RestRequest) => Promise<RestAnswer>;
}

/** What else a vendor's `classify` may need. */
export interface ClassifyContext {
  /** The connection's time, Unix milliseconds. */
  readonly nowMs: number;
}

/** How a vendor's REST API is reached. */
export interface RestOptions {
  /** Base of all paths; https, or http to loopback. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quota?: readonly QuotaRule[];
  /**
   * Reads the vendor's own error body. Gets the answer and what its status alone says; gives the failure to go by, or
   * undefined when the answer is a success after all.
   */
  readonly classify?: (
    answer: RestAnswer,
    failure: Failure | undefined,
    context: ClassifyContext,
  ) => Failure | undefined;
}

const defaultEffects: Readonly<Record<RestRequest['method'], Effect>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'idempotent',
  DELETE: 'idempotent',
  POST: 'unsafe',
  PATCH: 'unsafe',
};

/**
 * REST over the call road.
 * @example
 * ```ts
 * import { rest } from '@mortise/runtime/rest';
 * export const transport = rest({ baseUrl: 'https://api.example.com', quota: [{ name: 'default', requests: 100, perMs: 10_000 }] });
 * ```
 */
export const restTransport = (options: RestOptions): TransportDefinition<RestTransport> => ({
  protocol: 'rest',
  quota: options.quota ?? [],
  connect: (facts) => connect(options, callRoad(facts)),
});

const connect = (options: RestOptions, road: CallRoad) => {
  const baseUrl = checkedBaseUrl(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`, road);
  warnOfPlainHttp(road, baseUrl);
  const client = httpClient(road, { baseUrl });
  const ownHeaders = joinedHeaders({ accept: 'application/json' }, options.headers);
  const classify = (answer: RestAnswer) => {
    const nowMs = road.clock.now();
    const failure = statusFailure(answer, nowMs);
    return options.classify === undefined ? failure : options.classify(answer, failure, { nowMs });
  };
  return (context: OperationContext): RestTransport => ({
    send: async (request) => {
      const { method, path, effect = defaultEffects[method], quota = 'default' } = request;
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      const type = body === undefined ? undefined : { 'content-type': 'application/json' };
      const headers = joinedHeaders(type, ownHeaders, request.headers);
      const url = requestUrl(baseUrl, request);
      const call = { ...context, method, url, template: templateOf(path), effect, quota };
      const exchange = {
        call,
        headers,
        body,
        mayBeEmpty: method === 'DELETE' || method === 'HEAD',
        classify,
        decode: (answer: RestAnswer) => answer,
      };
      return exchangeJson(road, { client, exchange });
    },
  });
};

// `people:batchGet` is a path of its own at some vendors, and would parse as a URL of the scheme `people`.
const absolute = /^https?:\/\//i;

/** A `next` link is shown without its query, which may hold values. */
const templateOf = (path: string): string =>
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

const requestUrl = (baseUrl: URL, { path, parameters = {}, query = {} }: RestRequest): URL => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => segment(parameters[name], { name, path }));
  const url = onSameOrigin(absolute.test(filled) ? filled : `./${filled.replace(/^\/+/, '')}`, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [String(value)]) url.searchParams.append(name, each);
  }
  return url;
};
