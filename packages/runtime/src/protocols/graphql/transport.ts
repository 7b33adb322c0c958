import type { Effect } from '../../contract/effect.ts';
import { readField } from '../../contract/field.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import type { Failure } from '../../errors/failure.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { httpClient } from '../../http/client.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import { joinedHeaders } from '../../http/headers.ts';
import { exchangeJson, type JsonAnswer } from '../../http/json-exchange.ts';
import { type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
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
  connect: (facts) => connect(options, callRoad(facts)),
});

/** Strings and comments, which may hold anything. */
const ignored = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g;
const operation = /(?:^|\})\s*(query|mutation|subscription)\b\s*(\w+)?/;

/** Kind and name of a document's operation. A mutation without a name is still one: it must not pass for a read. */
const operationOf = (document: string) => {
  const [, kind = 'query', name] = operation.exec(document.replace(ignored, ' ')) ?? [];
  return { kind, name };
};

const connect = (options: GraphqlOptions, road: CallRoad) => {
  const url = checkedBaseUrl(options.url, road);
  warnOfPlainHttp(road, url);
  const client = httpClient(road, { baseUrl: url });
  const headers = joinedHeaders({ accept: 'application/json', 'content-type': 'application/json' }, options.headers);
  const classify = (answer: JsonAnswer) => graphqlFailure(answer, { options, nowMs: road.clock.now() });
  return (context: OperationContext): GraphqlTransport => ({
    send: async ({ document, variables = {}, effect, quota = 'default' }) => {
      const { kind, name } = operationOf(document);
      const call = {
        ...context,
        method: 'POST',
        url,
        template: `${url.pathname} ${kind} ${name ?? 'anonymous'}`,
        effect: effect ?? (kind === 'query' ? ('read' as const) : ('unsafe' as const)),
        quota,
      };
      const exchange = {
        call,
        headers,
        body: JSON.stringify({ query: document, variables, operationName: name }),
        mayBeEmpty: false,
        classify,
        decode: (answer: JsonAnswer) => ({ data: readField(answer.body, 'data'), headers: answer.headers }),
      };
      return exchangeJson(road, { client, exchange });
    },
  });
};

const readErrors = (body: unknown): GraphqlError[] => {
  const errors = readField(body, 'errors') ?? [];
  // Something else than a list is no answer of the standard, but certainly no success.
  return (Array.isArray(errors) ? errors : [errors]).map((error) => {
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
  const errors = readErrors(answer.body).map((error) => ({ error, known: options.classify?.(error) }));
  // The one that the connector knows says most: a throttled query may report its consequences as well.
  const told = errors.find(({ known }) => known !== undefined) ?? errors[0];
  if (told === undefined) {
    if (byStatus !== undefined || readField(answer.body, 'data') != null) return byStatus;
    return { code: 'unexpected-content', message: 'the answer has neither data nor errors', status: answer.status };
  }
  const { error, known } = told;
  const where = error.path === undefined ? '' : ` at '${error.path}'`;
  return {
    code: 'invalid-request',
    ...byStatus,
    ...known,
    message: `the vendor refused the document${where}${error.code === undefined ? '' : ` (${error.code})`}`,
    status: answer.status,
    vendorCode: error.code,
    requestId: requestIdOf(answer.headers),
  };
};
