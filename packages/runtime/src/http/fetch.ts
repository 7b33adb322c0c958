import { Agent, request as undiciRequest } from 'undici';
import { connectorError } from '../errors/connector-error.ts';
import type { Headers } from '../resilience/retry-after.ts';
import { readBody } from './body.ts';

/** One HTTP request, complete. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Cap on the decoded answer, bytes. */
  readonly maxBytes: number;
}

/** One HTTP answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; several values of one name are joined with a comma. */
  readonly headers: Headers;
  /** The body, inflated. */
  readonly bytes: Buffer;
}

/** A request under way. */
export interface Exchange {
  /** The request as it goes out now; a redirect puts another one here. */
  request: HttpRequest;
  readonly signal: AbortSignal;
  /** Set once the head of the answer has arrived: what fails after that is a cut answer. */
  answered: boolean;
}

/** Sends one request and reads its answer. Never follows a redirect. */
export type WireFetch = (exchange: Exchange) => Promise<HttpAnswer>;

const flatten = (headers: Record<string, string | string[] | undefined>): Headers => {
  const flat: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
};

/**
 * The runtime's own transport, on undici: half the CPU of the built-in fetch, and it reads into a text under a cap.
 * undici.request neither follows redirects nor inflates; both are done here and in client.ts.
 */
export const undiciFetch = (): WireFetch => {
  let agent: Agent | undefined;
  return async (exchange) => {
    const { request, signal } = exchange;
    agent ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
    const response = await undiciRequest(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: { 'accept-encoding': 'gzip, br', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    exchange.answered = true;
    const headers = flatten(response.headers);
    const bytes = await readBody(response.body, { encoding: headers['content-encoding'], maxBytes: request.maxBytes });
    return { status: response.statusCode, headers, bytes };
  };
};

async function* noBody(): AsyncGenerator<Uint8Array> {}

/** A transport over a standard fetch that the host gives, for proxies, tests and other run times. */
export const standardFetch =
  (fetch: typeof globalThis.fetch): WireFetch =>
  async (exchange) => {
    const { request, signal } = exchange;
    const { method, headers, body } = request;
    const response = await fetch(request.url, { method, headers, body: body ?? null, signal, redirect: 'manual' });
    exchange.answered = true;
    if (response.type === 'opaqueredirect') {
      throw connectorError(
        'unsafe-url',
        `the fetch given for ${request.url.host} hides redirects, which are not followed`,
      );
    }
    const stream: AsyncIterable<Uint8Array> = response.body ?? noBody();
    // A standard fetch has inflated the body already.
    const bytes = await readBody(stream, { encoding: undefined, maxBytes: request.maxBytes });
    return { status: response.status, headers: Object.fromEntries(response.headers), bytes };
  };
