import { Readable } from 'node:stream';
import { connectorError } from '../errors/connector-error.ts';
import type { Headers } from '../resilience/retry-after.ts';
import { readStream } from './body.ts';

/** One HTTP request, complete. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Cap on the decoded answer, bytes. */
  readonly maxBytes: number;
  /** The body of a success is given as a stream, without a cap: whoever reads it counts. */
  readonly isStreamed?: boolean | undefined;
}

/** One HTTP answer, read whole unless its request is streamed. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; several values of one name are joined with a comma. */
  readonly headers: Headers;
  /** The body, inflated; empty where there is a stream. */
  readonly bytes: Buffer;
  /** The body of a success to a request that is streamed, inflated. Destroying it closes the socket. */
  readonly stream?: Readable | undefined;
}

/** A request under way. */
export interface Exchange {
  /** The request as it goes out now; a redirect puts another one here. */
  request: HttpRequest;
  /** The target is a host that the vendor named, not the connection's own: it may not be private. */
  isForeign: boolean;
  /** Set once the first byte may have left. */
  sent: boolean;
  /** Set once the head of the answer has arrived: what fails after that is a cut answer. */
  answered: boolean;
  /** Whoever sends it next must not. */
  isStopped: boolean;
  /** Ends the request: its promise rejects at once, and its socket is closed. Put here by the transport. */
  stop: (() => void) | undefined;
}

/** Sends one request and reads its answer. Never follows a redirect. */
export type WireFetch = (exchange: Exchange) => Promise<HttpAnswer>;

/** What a stopped exchange rejects with; who stopped it knows why. */
export const stopped = (): Error => new Error('the request was stopped');

/** Only what a file was asked for and is one is streamed: an error's body is read whole. */
export const isStreamedAnswer = ({ request }: Exchange, status: number): boolean =>
  request.isStreamed === true && status >= 200 && status < 300;

async function* noBody(): AsyncGenerator<Uint8Array> {}

/** A transport over a standard fetch that the host gives, for tests and other run times. */
export const standardFetch =
  (fetch: typeof globalThis.fetch): WireFetch =>
  (exchange) => {
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      if (exchange.isStopped) return reject(stopped());
      exchange.stop = () => {
        // Not every fetch heeds its signal: the call ends either way.
        reject(stopped());
        controller.abort();
      };
      exchange.sent = true;
      readThrough(fetch, { exchange, signal: controller.signal }).then(resolve, reject);
    });
  };

const readThrough = async (
  fetch: typeof globalThis.fetch,
  { exchange, signal }: { exchange: Exchange; signal: AbortSignal },
): Promise<HttpAnswer> => {
  const { method, headers, body, url, maxBytes } = exchange.request;
  const response = await fetch(url, { method, headers, body: body ?? null, signal, redirect: 'manual' });
  exchange.answered = true;
  if (response.type === 'opaqueredirect') {
    throw connectorError('unsafe-url', `the fetch given for ${url.host} hides redirects, which are not followed`);
  }
  const head = { status: response.status, headers: Object.fromEntries(response.headers) };
  if (isStreamedAnswer(exchange, response.status)) {
    return { ...head, bytes: Buffer.alloc(0), stream: Readable.from(response.body ?? noBody(), { objectMode: false }) };
  }
  const stream: AsyncIterable<Uint8Array> = response.body ?? noBody();
  // A standard fetch has inflated the body already.
  const bytes = await readStream(stream, maxBytes);
  return { ...head, bytes };
};
