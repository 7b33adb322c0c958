import type { TransportDefinition } from '../../contract/transport.ts';
import type { Failure } from '../../errors/failure.ts';
import { checkedBaseUrl, isForeign, type TransportBounds, warnOfPlainHttp } from '../../http/bounds.ts';
import { type HttpClient, httpClient } from '../../http/client.ts';
import { exchangeHttp, type Judged } from '../../http/exchange.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import type { HttpAnswer } from '../../http/fetch.ts';
import { joinedHeaders, lastingHeaders } from '../../http/headers.ts';
import { exchangeJson, type JsonAnswer } from '../../http/json-exchange.ts';
import { mediaTypeOf } from '../../http/media-type.ts';
import { type CallDescription, type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
import type { Clock } from '../../resilience/clock.ts';
import type { QuotaRule } from '../../resilience/quota.ts';
import { encodedBody } from './body.ts';
import { type IdempotencyAnswers, keyedFailure } from './idempotency.ts';
import { type OpenedFile, readLineFile } from './line-file.ts';
import type { LinesOptions, LinesPage } from './line-pages.ts';
import { effectOf, type RestRequest } from './request.ts';
import { targetOf, templateOf } from './target.ts';

/** A REST answer of a success status. */
export interface RestAnswer extends JsonAnswer {
  /** What was asked for: relative links of the answer begin there. */
  readonly url: URL;
}

/** A live REST transport. */
export interface RestTransport {
  /** Sends a request over the call road. @throws ConnectorError */
  readonly send: (request: RestRequest) => Promise<RestAnswer>;
  /**
   * Reads a file of newline-delimited JSON as it arrives, page by page, however large it is: a read of it that breaks
   * goes on behind the last whole line. What was given before an error is no whole file: only a walk that ends is.
   * @throws ConnectorError `truncated` for a file that stays cut or has not the lines that were promised,
   * `expired-cursor` where it is no longer the file that `from` belongs to.
   */
  readonly lines: (request: RestRequest, options?: LinesOptions) => AsyncGenerator<LinesPage>;
  /** The connection's clock, for waits between requests. */
  readonly clock: Clock;
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
  /**
   * Other hosts to which the vendor may lead by a redirect, a `next` link or a job's result: `files.example.com`,
   * `*.example.com` for what lies below, `files.example.com:8443` with a port. They are asked over https, without
   * credentials and without `headers`, and may not be private addresses.
   */
  readonly hosts?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Header for a request's `idempotencyKey`; `idempotency-key` unless given. */
  readonly idempotencyHeader?: string;
  /** How the vendor answers a key that it knows; without it such answers are read by their status alone. */
  readonly idempotencyAnswers?: IdempotencyAnswers;
  readonly quota?: readonly QuotaRule[];
  /**
   * Reads the vendor's own error body. Gets the answer and what its status alone says; gives the failure to go by, or
   * undefined when the answer is a success after all.
   */
  readonly classify?: (
    answer: JsonAnswer,
    failure: Failure | undefined,
    context: ClassifyContext,
  ) => Failure | undefined;
}

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

/** The headers of requests that accept one kind of answer, put together once. */
interface AcceptHeaders {
  /** To the transport's own host. */
  readonly own: Readonly<Record<string, string>>;
  /** To another one. */
  readonly foreign: Readonly<Record<string, string>>;
}

const acceptHeaders = (accept: string, { headers }: RestOptions): AcceptHeaders => ({
  own: lastingHeaders({ accept }, headers),
  foreign: lastingHeaders({ accept }),
});

/** What the requests of one connection share. */
interface Sender {
  readonly road: CallRoad;
  readonly client: HttpClient;
  readonly bounds: TransportBounds;
  readonly options: RestOptions;
  readonly json: AcceptHeaders;
  readonly lines: AcceptHeaders;
  readonly classify: (answer: JsonAnswer) => Failure | undefined;
}

const connect = (options: RestOptions, road: CallRoad) => {
  const baseUrl = checkedBaseUrl(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`, road);
  warnOfPlainHttp(road, baseUrl);
  const bounds: TransportBounds = { baseUrl, hosts: options.hosts };
  const sender: Sender = {
    road,
    client: httpClient(road, bounds),
    bounds,
    options,
    json: acceptHeaders('application/json', options),
    lines: acceptHeaders('application/x-ndjson, application/jsonl, */*;q=0.5', options),
    classify: (answer) => {
      const nowMs = road.clock.now();
      const failure = statusFailure(answer, nowMs);
      return options.classify === undefined ? failure : options.classify(answer, failure, { nowMs });
    },
  };
  return (context: OperationContext): RestTransport => ({
    clock: road.clock,
    send: async (request) => sendJson(sender, { context, request }),
    lines: (request, options = {}) => readLines(sender, { context, request, options }),
  });
};

interface Sending {
  readonly context: OperationContext;
  readonly request: RestRequest;
}

/** A request as it goes out: its target, headers and body. */
const prepared = (sender: Sender, { context, request, accept }: Sending & { readonly accept: AcceptHeaders }) => {
  const { options, bounds } = sender;
  const { method, path, ifMatch, cost, quota = 'default' } = request;
  const effect = effectOf(request);
  const idempotencyKey = request.idempotencyKey ?? (effect === 'keyed' ? context.idempotencyKey : undefined);
  const url = targetOf(request, bounds);
  const isAnonymous = isForeign(url, bounds);
  const { body, headers: type } = encodedBody(request);
  const headers = joinedHeaders(
    type,
    isAnonymous ? accept.foreign : accept.own,
    idempotencyKey === undefined ? undefined : { [options.idempotencyHeader ?? 'idempotency-key']: idempotencyKey },
    ifMatch === undefined ? undefined : { 'if-match': ifMatch },
    request.headers,
  );
  const facts = { method, url, template: templateOf(path), effect, quota, cost, isAnonymous };
  const call: CallDescription = { ...context, ...facts };
  const { idempotencyAnswers: answers } = options;
  const classify: Sender['classify'] =
    answers === undefined || idempotencyKey === undefined
      ? sender.classify
      : (answer) => keyedFailure(sender.classify(answer), { answer, answers, nowMs: sender.road.clock.now() });
  return { call, headers, body, classify };
};

const sendJson = (sender: Sender, sending: Sending): Promise<RestAnswer> => {
  const { method } = sending.request;
  const request = prepared(sender, { ...sending, accept: sender.json });
  const exchange = {
    ...request,
    mayBeEmpty: method === 'DELETE' || method === 'HEAD',
    decode: (answer: JsonAnswer): RestAnswer => ({ ...answer, url: request.call.url }),
  };
  return exchangeJson(sender.road, { client: sender.client, exchange });
};

const readLines = (sender: Sender, { options, ...sending }: Sending & { readonly options: LinesOptions }) => {
  const { road, client } = sender;
  const accept = sender.lines;
  const { call } = prepared(sender, { ...sending, accept });
  const open = (headers: Readonly<Record<string, string>>): Promise<OpenedFile> => {
    const request = { ...sending.request, headers: { ...sending.request.headers, ...headers } };
    const exchange = {
      ...prepared(sender, { ...sending, request, accept }),
      isStreamed: true,
      judge: judgeFile(sender),
    };
    return exchangeHttp(road, { client, exchange });
  };
  return readLineFile({ road, call, open }, options);
};

/** Whether an answer is a file that can be read. */
const judgeFile =
  ({ classify }: Sender) =>
  ({ status, headers, stream }: HttpAnswer): Judged<OpenedFile> => {
    const failure = classify({ status, headers, body: undefined });
    if (status === 416) return { ok: false, failure: { code: 'expired-cursor', message: shorter, status } };
    if (failure !== undefined) return { ok: false, failure };
    const type = headers['content-type'] ?? '';
    if (stream !== undefined && !/^text\/html\b/i.test(type)) return { ok: true, value: { status, headers, stream } };
    const message = `the answer is ${mediaTypeOf(type)}, not a file of JSON lines`;
    return { ok: false, failure: { code: 'unexpected-content', message, status, requestId: requestIdOf(headers) } };
  };

const shorter = 'the file is shorter than what was read of it: begin anew without the cursor';
