import type { Failure } from '../errors/failure.ts';
import type { CallDescription, CallRoad } from '../resilience/call-road.ts';
import { type AttemptResult, execute } from '../resilience/execute.ts';
import type { HttpClient } from './client.ts';
import { requestIdOf } from './failure.ts';
import type { HttpAnswer } from './fetch.ts';
import { joinedHeaders } from './headers.ts';
import { parseJson } from './json.ts';

/** An answer whose body has been parsed. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  /** The parsed body; undefined where there is none, or where it is no JSON and the status is an error's. */
  readonly body: unknown;
}

/** One JSON request over the call road. */
export interface JsonExchange<Value> {
  readonly call: CallDescription;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether an empty body is an answer, as after a removal. */
  readonly mayBeEmpty: boolean;
  /** Judges the answer: the failure in it, or undefined when it is a success. */
  readonly classify: (answer: JsonAnswer) => Failure | undefined;
  readonly decode: (answer: JsonAnswer) => Value;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const isJson = (type: string): boolean => type.startsWith('application/json') || /[/+]json\b/i.test(type);

/** The media type for a message, where it is one: the header may hold anything. */
const nameOf = (type: string): string => /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? 'of no stated type';

/** Reads the body as JSON. A body that is none is a failure only where the status promised one. */
const readJson = (
  answer: HttpAnswer,
  mayBeEmpty: boolean,
): { readonly body: unknown } | { readonly failure: Failure } => {
  const { status, headers, text } = answer;
  const promised = isSuccess(status);
  const fail = (code: Failure['code'], message: string) =>
    promised ? { failure: { code, message, status, requestId: requestIdOf(headers) } } : { body: undefined };
  if (text.length === 0) {
    return mayBeEmpty || status === 204 ? { body: undefined } : fail('empty-answer', 'the answer has no body');
  }
  const type = headers['content-type'] ?? '';
  if (!isJson(type)) return fail('unexpected-content', `the answer is ${nameOf(type)}, not JSON`);
  try {
    return { body: parseJson(text) };
  } catch {
    // The parser's own message quotes the text.
    return fail('unexpected-content', 'the answer is not valid JSON, or nested too deep');
  }
};

/** Sends a JSON request over the call road of its connection. */
export const exchangeJson = <Value>(
  road: CallRoad,
  { client, exchange }: { client: HttpClient; exchange: JsonExchange<Value> },
): Promise<Value> =>
  execute(road, exchange.call, async ({ authHeaders, timeoutMs, signal }): Promise<AttemptResult<Value>> => {
    const { url, body } = exchange;
    const headers = joinedHeaders(exchange.headers, authHeaders);
    const request = { method: exchange.call.method, url, headers, body, maxBytes: road.limits.maxBodyBytes };
    const result = await client(request, { timeoutMs, signal });
    if ('failure' in result) return { ok: false, failure: result.failure };
    const { status, headers: answered } = result.answer;
    const read = readJson(result.answer, exchange.mayBeEmpty);
    if ('failure' in read) return { ok: false, failure: read.failure, headers: answered };
    const answer: JsonAnswer = { status, headers: answered, body: read.body };
    const failure = exchange.classify(answer);
    if (failure !== undefined) return { ok: false, failure, headers: answered };
    return { ok: true, value: exchange.decode(answer), headers: answered };
  });
