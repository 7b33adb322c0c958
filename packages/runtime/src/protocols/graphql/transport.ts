import type { Effect } from '../../contract/effect.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { readField } from '../../contract/field.ts';
import type { Failure } from '../../errors/failure.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { httpClient } from '../../http/client.ts';
import { exchangeJson, type JsonAnswer } from '../../http/exchange.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import type { CallRoad, OperationContext } from '../../resilience/call-road.ts';
import type { QuotaRule } from '../../resilience/quota.ts';

/** One GraphQL request. */
export interface GraphqlRequest {
  /** The document: one named operation. Its name is what errors and metrics show. */
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What a second sending does; `read` for a query, `unsafe` for a mutation unless given. */
  readonly effect?: Effect;
  readonly quota?: string;
}

/** One entry of `errors[]`, without its message, which may quote values. */
export interface GraphqlError {
  /** `extensions.code`. */
  readonly code: string | undefined;
  /** Field of the answer that failed, dotted. */
  readonly path: string | undefined;
}

/** A GraphQL answer without errors. */
export interface GraphqlAnswer {
  readonly data: unknown;
  readonly headers: JsonAnswer['headers'];
}

/** A live GraphQL transport. */
export interface GraphqlTransport {
  /** Sends a document over the call road. Partial data is never an answer. @throws ConnectorError */
  readonly send: (request: GraphqlRequest) => Promise<GraphqlAnswer>;
}

/** How a vendor's GraphQL API is reached. */
export interface GraphqlOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quota?: readonly QuotaRule[];
  /** What an entry of `errors[]` means at this vendor; undefined leaves it a refused request. */
  readonly classify?: (error: GraphqlError) => Pick<Failure, 'code' | 'renew' | 'reach' | 'waitMs'> | undefined;
}

/** GraphQL over HTTP, on the call road. */
export const graphql = (options: GraphqlOptions): TransportDefinition<GraphqlTransport> => ({
  protocol: 'graphql',
  quota: options.quota ?? [],
  connect: (road) => connect(options, road),
});

const operation = /^\s*(query|mutation)\s+(\w+)/m;

const connect = (options: GraphqlOptions, road: CallRoad) => {
  const url = checkedBaseUrl(options.url, road);
  warnOfPlainHttp(road, url);
  const client = httpClient(road);
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...options.headers };
  const classify = (answer: JsonAnswer) => graphqlFailure(answer, { options, nowMs: road.clock.now() });
  return (context: OperationContext): GraphqlTransport => ({
    send: ({ document, variables = {}, effect, quota = 'default' }) => {
      const [, kind = 'query', name = 'anonymous'] = operation.exec(document) ?? [];
      const call = {
        ...context,
        method: 'POST',
        template: `${url.pathname} ${kind} ${name}`,
        effect: effect ?? (kind === 'mutation' ? 'unsafe' : 'read'),
        quota,
      };
      const exchange = {
        call,
        url,
        headers,
        body: JSON.stringify({ query: document, variables, operationName: name === 'anonymous' ? undefined : name }),
        mayBeEmpty: false,
        classify,
        decode: (answer: JsonAnswer) => ({ data: readField(answer.body, 'data'), headers: answer.headers }),
      };
      return exchangeJson(road, { client, exchange });
    },
  });
};

const readErrors = (body: unknown): GraphqlError[] => {
  const errors = readField(body, 'errors');
  if (!Array.isArray(errors)) return [];
  return errors.map((error) => {
    const code = readField(error, 'extensions.code');
    const path = readField(error, 'path');
    return {
      code: typeof code === 'string' ? code : undefined,
      path: Array.isArray(path) ? path.join('.') : undefined,
    };
  });
};

/** Judges an answer: its errors first, because they say more than the status, which is 200 for most of them. */
const graphqlFailure = (
  answer: JsonAnswer,
  { options, nowMs }: { options: GraphqlOptions; nowMs: number },
): Failure | undefined => {
  const byStatus = statusFailure(answer, nowMs);
  const [first] = readErrors(answer.body);
  if (first === undefined) {
    if (byStatus !== undefined || readField(answer.body, 'data') != null) return byStatus;
    return { code: 'unexpected-content', message: 'the answer has neither data nor errors', status: answer.status };
  }
  const where = first.path === undefined ? '' : ` at '${first.path}'`;
  const known = options.classify?.(first);
  return {
    code: 'invalid-request',
    ...byStatus,
    ...known,
    message: `the vendor refused the document${where}${first.code === undefined ? '' : ` (${first.code})`}`,
    status: answer.status,
    vendorCode: first.code,
    requestId: requestIdOf(answer.headers),
  };
};
