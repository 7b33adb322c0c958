import type { Failure } from '../errors/failure.ts';
import type { CallDescription, CallRoad } from '../resilience/call-road.ts';
import { execute } from '../resilience/execute.ts';
import { isForeign } from './bounds.ts';
import type { HttpClient } from './client.ts';
import type { HttpAnswer } from './fetch.ts';
import { joinedHeaders } from './headers.ts';

/** What an answer came to: a value, or the failure in it. */
export type Judged<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** One HTTP request over the call road, of whatever protocol. */
export interface HttpExchange<Value> {
  readonly call: CallDescription;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, or what makes it anew for each attempt, where it holds a nonce. */
  readonly body?: string | (() => string) | undefined;
  /** A success's body is given as a stream. */
  readonly isStreamed?: boolean | undefined;
  /** Reads and judges an answer of any status. */
  readonly judge: (answer: HttpAnswer) => Judged<Value>;
}

/** Sends a request over the call road of its connection. @throws ConnectorError */
export const exchangeHttp = <Value>(
  road: CallRoad,
  { client, exchange }: { client: HttpClient; exchange: HttpExchange<Value> },
): Promise<Value> =>
  execute(road, exchange.call, async ({ authHeaders, observerHeaders, timeoutMs, signal }) => {
    const { call, body } = exchange;
    // Whatever the protocol said: what is not the transport's own host learns nothing of the connection.
    const isHome = !isForeign(call.url, client.bounds);
    const own = isHome ? [authHeaders, observerHeaders] : [];
    const headers = joinedHeaders(client.headers, exchange.headers, ...own);
    const text = typeof body === 'function' ? body() : body;
    const { isStreamed } = exchange;
    const { maxBodyBytes: maxBytes } = road.limits;
    const request = { method: call.method, url: call.url, headers, body: text, maxBytes, isStreamed };
    const result = await client.send(request, { timeoutMs, signal });
    if ('failure' in result) return { ok: false, failure: result.failure };
    const { answer } = result;
    const { headers: given, status } = answer;
    const judged = exchange.judge(answer);
    if (!judged.ok) answer.stream?.destroy();
    if (!judged.ok) return { ok: false, failure: judged.failure, headers: given };
    return { ok: true, value: judged.value, headers: given, status };
  });
