import { isConnectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { CallDescription, CallRoad } from '../resilience/call-road.ts';
import { decodeText } from './charset.ts';
import type { HttpClient } from './client.ts';
import { exchangeHttp, type Judged } from './exchange.ts';
import { requestIdOf } from './failure.ts';
import type { HttpAnswer } from './fetch.ts';
import { type JsonOptions, parseJson } from './json.ts';
import { isSuccess, mediaTypeOf } from './media-type.ts';

/** An answer whose body has been parsed. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body; undefined where there is none, or where it is no JSON and the status is an error's. */
  readonly body: unknown;
}

/** One JSON request over the call road. */
export interface JsonExchange<Value> {
  readonly call: CallDescription;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether an empty body is an answer, as after a removal. */
  readonly mayBeEmpty: boolean;
  /** Judges the answer: the failure in it, or undefined when it is a success. */
  readonly classify: (answer: JsonAnswer) => Failure | undefined;
  readonly decode: (answer: JsonAnswer) => Value;
}

const isJson = (type: string): boolean => type.startsWith('application/json') || /[/+]json\b/i.test(type);

interface Reading extends JsonOptions {
  readonly mayBeEmpty: boolean;
}

/** What is wrong with a text. The parser's own message quotes it, so only our own reasons are told. */
const reasonOf = (thrown: unknown): string => {
  if (isConnectorError(thrown)) return thrown.message;
  return thrown instanceof RangeError ? `the answer is refused: ${thrown.message}` : 'the answer is not valid JSON';
};

/** Reads the body as JSON. A body that is none is a failure only where the status promised one. */
const readJson = (
  answer: HttpAnswer,
  { mayBeEmpty, duplicateKeys }: Reading,
): { readonly body: unknown } | { readonly failure: Failure } => {
  const { status, headers, bytes } = answer;
  const promised = isSuccess(status);
  const fail = (code: Failure['code'], message: string) =>
    promised ? { failure: { code, message, status, requestId: requestIdOf(headers) } } : { body: undefined };
  if (bytes.length === 0) {
    return mayBeEmpty || status === 204 ? { body: undefined } : fail('empty-answer', 'the answer has no body');
  }
  const type = headers['content-type'] ?? '';
  if (!isJson(type)) return fail('unexpected-content', `the answer is ${mediaTypeOf(type)}, not JSON`);
  try {
    return { body: parseJson(decodeText(bytes, type), { duplicateKeys }) };
  } catch (thrown) {
    return fail('unexpected-content', reasonOf(thrown));
  }
};

/** Sends a JSON request over the call road of its connection. @throws ConnectorError */
export const exchangeJson = <Value>(
  road: CallRoad,
  { client, exchange }: { client: HttpClient; exchange: JsonExchange<Value> },
): Promise<Value> => {
  const reading = { mayBeEmpty: exchange.mayBeEmpty, duplicateKeys: road.limits.duplicateKeys };
  const judge = (answer: HttpAnswer): Judged<Value> => {
    const read = readJson(answer, reading);
    if ('failure' in read) return { ok: false, failure: read.failure };
    const parsed: JsonAnswer = { status: answer.status, headers: answer.headers, body: read.body };
    const failure = exchange.classify(parsed);
    return failure === undefined ? { ok: true, value: exchange.decode(parsed) } : { ok: false, failure };
  };
  const { call, headers, body } = exchange;
  return exchangeHttp(road, { client, exchange: { call, headers, body, judge } });
};
