import type { Dispatcher } from 'undici';
import type { Headers } from '../resilience/retry-after.ts';
import { inflate, inflating, joinChunks, tooLarge } from './body.ts';
import type { Dispatchers } from './dispatchers.ts';
import { type Exchange, type HttpAnswer, isStreamedAnswer, stopped, type WireFetch } from './fetch.ts';
import { type ReceivedBody, receivedBody } from './received-body.ts';

type RawHeaders = Record<string, string | string[] | undefined>;

const isFlat = (headers: RawHeaders): headers is Record<string, string | undefined> => {
  for (const name in headers) if (Array.isArray(headers[name])) return false;
  return true;
};

const flatten = (headers: RawHeaders): Headers => {
  if (isFlat(headers)) return headers;
  const joined = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(joined);
};

/**
 * The runtime's own transport, on undici's lowest layer: undici.request would make a stream of each body, and an
 * AbortSignal of each time limit, which together cost more than all that this runtime adds to a request.
 * Reads the body whole, without back-pressure, under a cap.
 */
export const dispatchFetch =
  (dispatchers: Dispatchers): WireFetch =>
  (exchange) =>
    new Promise((resolve, reject) => {
      if (exchange.isStopped) return reject(stopped());
      const { url, method, headers, body } = exchange.request;
      const dispatcher = exchange.isForeign ? dispatchers.foreign() : dispatchers.home();
      const target = { origin: url.origin, path: url.pathname + url.search, headers, body: body ?? null };
      // Any method that HTTP allows; undici's type lists the known ones.
      const options: Dispatcher.DispatchOptions = { ...target, method: method as Dispatcher.HttpMethod };
      dispatcher.dispatch(options, answerHandler(exchange, { resolve, reject }));
    });

interface Settle {
  readonly resolve: (answer: HttpAnswer | Promise<HttpAnswer>) => void;
  readonly reject: (error: Error) => void;
}

const answerHandler = (exchange: Exchange, { resolve, reject }: Settle): Dispatcher.DispatchHandler => {
  const { maxBytes } = exchange.request;
  const chunks: Buffer[] = [];
  let under: Dispatcher.DispatchController | undefined;
  let reason: Error | undefined;
  let status = 0;
  let head: Headers = {};
  let size = 0;
  let received: ReceivedBody | undefined;
  const end = (error: Error) => {
    reason = error;
    reject(error);
    under?.abort(error);
  };
  exchange.stop = () => end(stopped());
  return {
    onRequestStart: (controller) => {
      under = controller;
      // Stopped while it waited for a socket: nothing has been sent, and nothing will be.
      if (reason === undefined) exchange.sent = true;
      else controller.abort(reason);
    },
    onResponseStart: (controller, statusCode, headers) => {
      // A preliminary answer (1xx) is followed by the one that counts.
      if (statusCode < 200) return;
      exchange.answered = true;
      status = statusCode;
      head = flatten(headers);
      if (!isStreamedAnswer(exchange, status)) return;
      received = receivedBody(controller);
      try {
        resolve({
          status,
          headers: head,
          bytes: Buffer.alloc(0),
          stream: inflating(received.stream, head['content-encoding']),
        });
      } catch (error) {
        // An encoding that was not asked for.
        end(error as Error);
      }
    },
    onResponseData: (_controller, chunk) => {
      if (received !== undefined) return received.add(chunk);
      size += chunk.length;
      if (size > maxBytes) end(tooLarge(maxBytes));
      else chunks.push(chunk);
    },
    onResponseEnd: () => {
      if (received !== undefined) return received.finish();
      try {
        const bytes = inflate(joinChunks(chunks, size), { encoding: head['content-encoding'], maxBytes });
        const answer = (body: Buffer): HttpAnswer => ({ status, headers: head, bytes: body });
        resolve(bytes instanceof Promise ? bytes.then(answer) : answer(bytes));
      } catch (error) {
        // What zlib and our own bounds throw.
        reject(error as Error);
      }
    },
    onResponseError: (_controller, error) => {
      received?.stream.destroy(error);
      reject(error);
    },
  };
};
