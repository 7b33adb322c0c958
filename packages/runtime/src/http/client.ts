import ky, { type Options } from 'ky';
import { connectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { CallRoad } from '../resilience/call-road.ts';
import type { Deadlines } from '../resilience/deadline.ts';
import { refusePrivateName } from './addresses.ts';
import { isForeign, type TransportBounds, withinBounds } from './bounds.ts';
import { dispatchFetch } from './dispatch.ts';
import { dispatchersOf } from './dispatchers.ts';
import { transportFailure } from './failure.ts';
import { type Exchange, type HttpAnswer, type HttpRequest, standardFetch, stopped, type WireFetch } from './fetch.ts';
import { lastingHeaders } from './headers.ts';

/** What one request came to: an answer of whatever status, or a failure of the transport. */
export type HttpResult = { readonly answer: HttpAnswer } | { readonly failure: Failure };

/** Limits of one request. */
export interface HttpLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests within the bounds of one transport. */
export interface HttpClient {
  /** Sends one request, its redirects included, and never throws for what happens on the wire. */
  readonly send: (request: HttpRequest, limits: HttpLimits) => Promise<HttpResult>;
  readonly bounds: TransportBounds;
  /** Headers that every request gets first. */
  readonly headers: Readonly<Record<string, string>>;
}

const mostRedirects = 5;

/** What the own transport inflates. A fetch of the host's asks for what it likes. */
const accepted = lastingHeaders({ 'accept-encoding': 'gzip, br' });

/** What ky looks at in a response, and our answer in it. A real Response would cost as much as the whole request. */
interface CarriedResponse {
  readonly ok: true;
  readonly answer: HttpAnswer;
  readonly [Symbol.toStringTag]: 'Response';
}

type Send = (exchange: Exchange) => Promise<HttpAnswer>;

// Retries, time limits and failures have one owner each, and it is not ky.
const untouched = { retry: 0, timeout: false, throwHttpErrors: false } as const satisfies Options;

/**
 * ky over a fetch of the host's. Each request brings the fetch that carries its exchange: the Request that ky makes and
 * hands over is left alone. The own transport goes without: a Request and its abort signal cost more than all of a
 * small call, and ky has nothing to do between the one retry loop and a dispatcher.
 */
const throughKy = (wire: WireFetch): Send => {
  const carry = async (exchange: Exchange): Promise<Response> => {
    const answer = await wire(exchange);
    const carried: CarriedResponse = { ok: true, answer, [Symbol.toStringTag]: 'Response' };
    return carried as unknown as Response; // ky touches nothing else of it when it neither parses nor throws
  };
  return async (exchange) => {
    const response: unknown = await ky(exchange.request.url, { ...untouched, fetch: () => carry(exchange) });
    return (response as CarriedResponse).answer;
  };
};

/** A transport whose sockets are not ours to pin looks names up before it sends. */
const lookingUp =
  (wire: WireFetch): WireFetch =>
  async (exchange) => {
    if (exchange.isForeign) await lookedUp(exchange);
    return wire(exchange);
  };

/** The look-up itself cannot be stopped: it is left to itself. */
const lookedUp = (exchange: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    if (exchange.isStopped) return reject(stopped());
    exchange.stop = () => reject(stopped());
    refusePrivateName(exchange.request.url.hostname).then(resolve, reject);
  });

const sendOf = ({ fetch, facts }: CallRoad): Send => {
  const dispatchers = dispatchersOf(facts);
  if (fetch !== undefined) return throughKy(lookingUp(standardFetch(fetch)));
  return dispatchers.isProxied ? lookingUp(dispatchFetch(dispatchers)) : dispatchFetch(dispatchers);
};

/**
 * Makes the client of one transport. All clients of a connection share its sockets.
 * @throws ConnectorError `invalid-settings` for network settings that cannot be.
 */
export const httpClient = (road: CallRoad, bounds: TransportBounds): HttpClient => {
  const follow = followRedirects(sendOf(road), bounds);
  const send: HttpClient['send'] = (request, limits) =>
    sendWithin(follow, {
      exchange: {
        request,
        isForeign: isForeign(request.url, bounds),
        sent: false,
        answered: false,
        isStopped: false,
        stop: undefined,
      },
      limits,
      deadlines: road.deadlines,
    });
  return { send, bounds, headers: road.fetch === undefined ? accepted : lastingHeaders() };
};

const cancelled: Failure = { code: 'cancelled', message: 'the call was cancelled by its caller' };

/** Adds the time limit and the caller's signal to one request and its redirects. */
const sendWithin = async (
  send: Send,
  { exchange, limits, deadlines }: { exchange: Exchange; limits: HttpLimits; deadlines: Deadlines },
): Promise<HttpResult> => {
  const { signal, timeoutMs } = limits;
  // An abort that came before the listener would never be heard.
  if (signal?.aborted) return { failure: cancelled };
  let timedOut = false;
  const cancel = () => {
    exchange.isStopped = true;
    exchange.stop?.();
  };
  const deadline = deadlines.start(timeoutMs, () => {
    timedOut = true;
    cancel();
  });
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return { answer: await send(exchange) };
  } catch (thrown) {
    if (signal?.aborted) return { failure: cancelled };
    // A redirect may have led elsewhere by now.
    const { host } = exchange.request.url;
    if (!timedOut) return { failure: transportFailure(thrown, { host, ...exchange }) };
    const message = `${host} gave no complete answer within ${timeoutMs} ms`;
    return { failure: { code: 'timeout', message, reach: exchange.sent ? 'unknown' : 'not-sent' } };
  } finally {
    deadlines.stop(deadline);
    signal?.removeEventListener('abort', cancel);
  }
};

const isFollowed = (status: number, method: string): boolean => {
  const keepsMethod = status === 307 || status === 308;
  const isPlainRead = (status === 301 || status === 302 || status === 303) && (method === 'GET' || method === 'HEAD');
  return keepsMethod || isPlainRead;
};

/** What a request may take to another origin: what it accepts, and which part of a file it wants. */
const leavesAlong = new Set(['accept', 'accept-encoding', 'range', 'if-range']);

/** The request that a redirect asks for. One that leaves the origin takes along nothing that is the vendor's. */
const redirected = (request: HttpRequest, { location, bounds }: { location: string; bounds: TransportBounds }) => {
  const url = withinBounds(location, bounds, request.url);
  if (url.origin === request.url.origin) return { ...request, url };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const what = `${request.url.origin} sends a ${request.method} on to ${url.origin}, which only reads may follow`;
    throw connectorError('unsafe-url', what);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => leavesAlong.has(name)));
  return { ...request, url, headers };
};

const followRedirects =
  (send: Send, bounds: TransportBounds): Send =>
  async (exchange) => {
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const answer = await send(exchange);
      const { request } = exchange;
      const { location } = answer.headers;
      if (location === undefined || !isFollowed(answer.status, request.method)) return answer;
      exchange.request = redirected(request, { location, bounds });
      exchange.isForeign = isForeign(exchange.request.url, bounds);
      exchange.answered = false;
    }
    const { host } = exchange.request.url;
    throw connectorError('unexpected-content', `${host} redirects more than ${mostRedirects} times`);
  };
