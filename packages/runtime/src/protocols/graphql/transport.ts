import type { z } from 'zod';
import type { Effect } from '../../contract/effect.ts';
import { readField } from '../../contract/field.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { type HttpClient, httpClient } from '../../http/client.ts';
import { lastingHeaders } from '../../http/headers.ts';
import { exchangeJson, type JsonAnswer } from '../../http/json-exchange.ts';
import { type CallDescription, type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
import type { QuotaRule } from '../../resilience/quota.ts';
import { costOf } from './cost.ts';
import { checkedData } from './data-schema.ts';
import { operationOf, type TypedDocument, textOf } from './document.ts';
import { type ClassifyAnswer, type ClassifyError, failedPaths, graphqlFailure } from './errors.ts';
import { withoutFailed } from './partial.ts';

/** Variables: needed where the document's type names one that is. */
type WithVariables<Variables> =
  Record<never, never> extends Variables ? { readonly variables?: Variables } : { readonly variables: Variables };

/** One GraphQL request. */
export type GraphqlRequest<Data = unknown, Variables = Readonly<Record<string, unknown>>> = {
  /** The document: one named operation. Its name is what errors and metrics show. */
  readonly document: TypedDocument<Data, Variables>;
  /** Schema of the data. An answer unlike it is `schema-drift`. */
  readonly data?: z.ZodType<Data>;
  /**
   * Takes data beside errors of single fields. What failed is absent then and named in `unknown`; without it, any error
   * fails the call.
   */
  readonly partial?: boolean;
  /** What a second sending does; `read` for a query, `unsafe` for a mutation unless given. */
  readonly effect?: Effect;
  /** Name of the quota that the request draws on; `default` unless given. */
  readonly quota?: string;
  /** Points of the quota that it may cost; what the vendor reckoned last time unless given. */
  readonly cost?: number;
} & WithVariables<NoInfer<Variables>>;

/** A GraphQL answer. */
export interface GraphqlAnswer<Data = unknown> {
  readonly data: Data;
  /** Dotted paths of the fields that the vendor could not give: not null, and not deleted. Only of a `partial` request. */
  readonly unknown: readonly string[];
  readonly headers: JsonAnswer['headers'];
}

/** A live GraphQL transport. */
export interface GraphqlTransport {
  /** Sends a document over the call road. @throws ConnectorError */
  readonly send: <Data = unknown, Variables = Readonly<Record<string, unknown>>>(
    request: GraphqlRequest<Data, Variables>,
  ) => Promise<GraphqlAnswer<Data>>;
}

/** How a vendor's GraphQL API is reached. */
export interface GraphqlOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quota?: readonly QuotaRule[];
  /**
   * What an entry of `errors[]` means at this vendor; undefined leaves it to what is common: THROTTLED waits,
   * MAX_COST_EXCEEDED is too large, a document that the schema does not take is drift, the rest is refused.
   */
  readonly classify?: ClassifyError;
  /** Has the last word on an answer as a whole: for what this vendor says by status, header or body. */
  readonly classifyAnswer?: ClassifyAnswer;
}

/**
 * GraphQL over HTTP, on the call road.
 * @example
 * ```ts
 * import { graphql } from '@mortise/runtime/graphql';
 * export const transport = graphql({ url: 'https://shop.example.com/admin/graphql.json' });
 * ```
 */
export const graphqlTransport = (options: GraphqlOptions): TransportDefinition<GraphqlTransport> => ({
  protocol: 'graphql',
  quota: options.quota ?? [],
  connect: (facts) => connect(options, callRoad(facts)),
});

/** What the requests of one connection share. */
interface Sender {
  readonly road: CallRoad;
  readonly url: URL;
  readonly client: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly classify: ClassifyError | undefined;
  readonly classifyAnswer: ClassifyAnswer | undefined;
  /** What each document and page size cost last, in the vendor's points. */
  readonly costs: Map<string, number>;
}

const connect = (options: GraphqlOptions, road: CallRoad) => {
  const url = checkedBaseUrl(options.url, road);
  warnOfPlainHttp(road, url);
  const sender: Sender = {
    road,
    url,
    client: httpClient(road, { baseUrl: url }),
    headers: lastingHeaders({ accept: 'application/json', 'content-type': 'application/json' }, options.headers),
    classify: options.classify,
    classifyAnswer: options.classifyAnswer,
    costs: new Map(),
  };
  return (context: OperationContext): GraphqlTransport => ({
    send: async (request) => {
      const { data, unknown, headers } = await sendDocument(sender, context, request);
      // Checked by the request's own schema, or promised by the type of its document.
      return { data: data as never, unknown, headers };
    },
  });
};

/** A request whose types nobody needs any more. */
interface AnyRequest extends Omit<GraphqlRequest, 'document' | 'variables' | 'data'> {
  readonly document: TypedDocument<unknown, never>;
  readonly variables?: unknown;
  readonly data?: z.ZodType | undefined;
}

const sendDocument = async (sender: Sender, context: OperationContext, request: AnyRequest): Promise<GraphqlAnswer> => {
  const { road, url, headers, classify, classifyAnswer, costs } = sender;
  const { variables = {}, effect, quota = 'default', partial = false } = request;
  const text = textOf(request.document);
  // The cost grows with the page, so that it is remembered for each size apart.
  const costKey = `${readField(variables, 'first')} ${text}`;
  const { kind, name } = operationOf(text);
  const call: CallDescription = {
    ...context,
    method: 'POST',
    url,
    template: `${url.pathname} ${kind} ${name ?? 'anonymous'}`,
    effect: effect ?? (kind === 'query' ? 'read' : 'unsafe'),
    quota,
    cost: request.cost ?? costs.get(costKey),
  };
  const exchange = {
    call,
    headers,
    body: JSON.stringify({ query: text, variables, operationName: name }),
    mayBeEmpty: false,
    classify: (answer: JsonAnswer) => {
      learnCost(sender, { costKey, quota, body: answer.body });
      const nowMs = road.clock.now();
      const failure = graphqlFailure(answer, { classify, partial, nowMs });
      return classifyAnswer === undefined ? failure : classifyAnswer(answer, failure, { nowMs });
    },
    decode: (answer: JsonAnswer): GraphqlAnswer => {
      const data = readField(answer.body, 'data');
      return { ...withoutFailed(data, partial ? failedPaths(answer.body) : []), headers: answer.headers };
    },
  };
  const answer = await exchangeJson(road, { client: sender.client, exchange });
  return request.data === undefined ? answer : { ...answer, data: checkedData(request.data, answer.data, call) };
};

/** More documents than a connector has: those made at run time do not fill the memory. */
const mostDocuments = 500;

const learnCost = (
  { road, costs }: Sender,
  { costKey, quota, body }: { costKey: string; quota: string; body: unknown },
): void => {
  const cost = costOf(body);
  if (cost.bucket !== undefined) road.quota.report(quota, cost.bucket);
  const isRoom = costs.has(costKey) || costs.size < mostDocuments;
  if (cost.requested !== undefined && isRoom) costs.set(costKey, cost.requested);
};
