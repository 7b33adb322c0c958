import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphQLError, createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { onTestFinished } from 'vitest';

/** What a shop's queries cost, as at Shopify: points of a bucket that refills. */
export interface Costs {
  /** Most points of one query. */
  readonly maximumPerQuery: number;
  readonly maximumAvailable: number;
  /** Points in the bucket when the shop opens. */
  readonly available: number;
  /** Points a second. */
  readonly restoreRate: number;
}

/** A query as the shop ran or refused it. */
export interface SeenQuery {
  readonly operation: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The code with which the cost refused it. */
  readonly refused: string | undefined;
}

/** Order 1 to `count`, with lines. */
export interface ShopOptions {
  readonly typeDefs: string;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly costs?: Costs;
}

/** Takes each query's points from a bucket, and refuses what it does not hold or what no query may cost. */
const costPlugin = (costs: Costs, seen: SeenQuery[]): Plugin => {
  let available = costs.available;
  // The bucket stands still until the first query, so that what that one meets does not hang on how fast a test starts.
  let filledAt: number | undefined;
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const variables: Readonly<Record<string, unknown>> = args.variableValues ?? {};
      const requested = 2 + Number(variables.first ?? 0);
      const now = Date.now();
      available = Math.min(costs.maximumAvailable, available + ((now - (filledAt ?? now)) * costs.restoreRate) / 1_000);
      filledAt = now;
      const code =
        requested > costs.maximumPerQuery ? 'MAX_COST_EXCEEDED' : requested > available ? 'THROTTLED' : undefined;
      seen.push({ operation: args.operationName ?? undefined, variables, refused: code });
      if (code === undefined) available -= requested;
      const { maximumAvailable, restoreRate } = costs;
      const throttleStatus = { maximumAvailable, currentlyAvailable: Math.floor(available), restoreRate };
      const cost = {
        requestedQueryCost: requested,
        actualQueryCost: code === undefined ? requested : null,
        throttleStatus,
      };
      if (code !== undefined) {
        const errors = [
          createGraphQLError(code === 'THROTTLED' ? 'Throttled' : 'Too costly', { extensions: { code } }),
        ];
        setResultAndStopExecution({ errors, extensions: { cost } });
        return undefined;
      }
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (!(Symbol.asyncIterator in result)) setResult({ ...result, extensions: { cost } });
        },
      };
    },
  };
};

/** A shop's GraphQL API on GraphQL Yoga, over a socket of its own. Ends with the test. */
export const startYogaShop = async ({ typeDefs, resolvers, costs }: ShopOptions) => {
  const seen: SeenQuery[] = [];
  const noLimit = { maximumPerQuery: 1e9, maximumAvailable: 1e9, available: 1e9, restoreRate: 1 };
  const yoga = createYoga({
    schema: createSchema({ typeDefs, resolvers: resolvers as never }), // the test's own resolvers of the test's own schema
    plugins: [costPlugin(costs ?? noLimit, seen)],
    logging: false,
    graphiql: false,
  });
  const server = createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, seen };
};

/** A slice of rows as a connection of Relay's kind. The cursor is the number of rows before the next page. */
export const connectionOf = (rows: readonly unknown[], { first, after }: { first: number; after?: string | null }) => {
  const start = Number(after ?? 0);
  const end = start + first;
  return {
    edges: rows.slice(start, end).map((node) => (node === null ? null : { node })),
    pageInfo: { hasNextPage: end < rows.length, endCursor: String(end) },
  };
};
