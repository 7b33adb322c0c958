import ky, { type Options } from 'ky';
import { connectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { Clock } from '../resilience/clock.ts';
import { onSameOrigin } from './bounds.ts';
import { transportFailure } from './failure.ts';
import {
  type Exchange,
  type HttpAnswer,
  type HttpRequest,
  standardFetch,
  undiciFetch,
  type WireFetch,
} from './fetch.ts';

/** What one request came to: an answer of whatever status, or a failure of the transport. */
export type HttpResult = { readonly answer: HttpAnswer } | { readonly failure: Failure };

/** Limits of one request. */
export interface HttpLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request, redirects on the same origin included, and never throws for what happens on the wire. */
export type HttpClient = (request: HttpRequest, limits: HttpLimits) => Promise<HttpResult>;

const mostRedirects = 5;

/** ky hands options that it does not know to fetch by reference: so the exchange reaches our transport. */
type ExchangeOptions = Options & { readonly exchange: Exchange };

const exchangeOf = (options: RequestInit | undefined): Exchange => {
  if (options !== undefined && 'exchange' in options) return (options as ExchangeOptions).exchange;
  throw new TypeError('ky was called without an exchange');
};

/** What ky looks at in a response, and our answer in it. A real Response would cost as much as the whole request. */
interface CarriedResponse {
  readonly ok: true;
  readonly answer: HttpAnswer;
  readonly [Symbol.toStringTag]: 'Response';
}

/** Makes the client of one connection. `fetch` replaces the runtime's own transport. */
export const httpClient = (options: {
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch | undefined;
}): HttpClient => {
  const wire: WireFetch = options.fetch === undefined ? undiciFetch() : standardFetch(options.fetch);
  const client = ky.create({
    // Retries, time limits and failures have one owner each, and it is not ky.
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    fetch: async (_request, init) => {
      const carried: CarriedResponse = {
        ok: true,
        answer: await wire(exchangeOf(init)),
        [Symbol.toStringTag]: 'Response',
      };
      return carried as unknown as Response; // ky touches nothing else of it when it neither parses nor throws
    },
  });

  const send = async (exchange: Exchange): Promise<HttpAnswer> => {
    const given: ExchangeOptions = { method: exchange.request.method, exchange };
    const response: unknown = await client(exchange.request.url, given);
    return (response as CarriedResponse).answer;
  };

  return (request, limits) => sendWithin(send, { request, limits, clock: options.clock });
};

const cancelled: Failure = { code: 'cancelled', message: 'the call was cancelled by its caller' };

/** Adds the time limit and the caller's signal to one request and its redirects. */
const sendWithin = async (
  send: (exchange: Exchange) => Promise<HttpAnswer>,
  { request, limits, clock }: { request: HttpRequest; limits: HttpLimits; clock: Clock },
): Promise<HttpResult> => {
  // An abort that came before the listener would never be heard.
  if (limits.signal?.aborted) return { failure: cancelled };
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timedOut = false;
  const cancelTimer = clock.schedule(() => {
    timedOut = true;
    abort();
  }, limits.timeoutMs);
  limits.signal?.addEventListener('abort', abort, { once: true });
  const exchange: Exchange = { request, signal: controller.signal, answered: false };
  try {
    return { answer: await followRedirects(send, exchange) };
  } catch (thrown) {
    const { host } = request.url;
    if (limits.signal?.aborted) return { failure: cancelled };
    if (timedOut) {
      return { failure: { code: 'timeout', message: `${host} gave no complete answer within ${limits.timeoutMs} ms` } };
    }
    return { failure: transportFailure(thrown, { host, answered: exchange.answered }) };
  } finally {
    cancelTimer();
    limits.signal?.removeEventListener('abort', abort);
  }
};

const isFollowed = (status: number, method: string): boolean => {
  const keepsMethod = status === 307 || status === 308;
  const isPlainRead = (status === 301 || status === 302 || status === 303) && (method === 'GET' || method === 'HEAD');
  return keepsMethod || isPlainRead;
};

const followRedirects = async (
  send: (exchange: Exchange) => Promise<HttpAnswer>,
  exchange: Exchange,
): Promise<HttpAnswer> => {
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await send(exchange);
    const { request } = exchange;
    const { location } = answer.headers;
    if (location === undefined || !isFollowed(answer.status, request.method)) return answer;
    exchange.request = { ...request, url: onSameOrigin(location, request.url) };
    exchange.answered = false;
  }
  throw connectorError('unexpected-content', `${exchange.request.url.host} redirects more than ${mostRedirects} times`);
};
