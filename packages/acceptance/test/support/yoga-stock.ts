import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';

/** A stock level at the vendor. */
export interface Level {
  readonly id: string;
  readonly onHand: number;
  readonly version: string;
  readonly changedAt: string;
}

const typeDefs = `
  type Level { id: ID!  onHand: Int!  version: String!  changedAt: String! }
  type Query { levels(since: String): [Level!]! }
  type Subscription { stockChanged: Level! }
`;

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address and a port once it listens.
  return (server.address() as AddressInfo).port;
};

/**
 * A shop on graphql-yoga whose subscriptions are served by graphql-ws' own server. It keeps stock levels, answers what
 * changed since an instant, and publishes changes to whoever is connected just then; nothing is replayed.
 */
export const startShop = async (onConnect: (parameters: unknown) => boolean = () => true) => {
  const levels = new Map<string, Level>();
  const pubSub = createPubSub<{ changed: [Level] }>();
  const asked: (string | undefined)[] = [];
  let clock = Date.parse('2026-01-01T08:00:00Z');
  const schema = createSchema({
    typeDefs,
    resolvers: {
      Query: {
        levels: (_root: unknown, { since }: { since?: string }) => {
          asked.push(since);
          return [...levels.values()].filter(({ changedAt }) => since === undefined || changedAt >= since);
        },
      },
      Subscription: {
        stockChanged: { subscribe: () => pubSub.subscribe('changed'), resolve: (level: Level) => level },
      },
    },
  });
  const server = createServer(createYoga({ schema, logging: false }));
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const initialised: unknown[] = [];
  const served = useServer(
    {
      schema,
      onConnect: ({ connectionParams }) => {
        initialised.push(connectionParams);
        return onConnect(connectionParams);
      },
    },
    sockets,
  );
  const port = await listen(server);
  onTestFinished(async () => {
    await served.dispose();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    /** `since` of every list that was asked for. */
    asked,
    /** Payload of every connection_init. */
    initialised,
    sockets,
    /** Changes a level; half a minute passes. */
    change: (id: string, onHand: number): Level => {
      clock += 30_000;
      const version = String(Number(levels.get(id)?.version ?? 0) + 1);
      const level = { id, onHand, version, changedAt: new Date(clock).toISOString() };
      levels.set(id, level);
      pubSub.publish('changed', level);
      return level;
    },
  };
};

/** Reads the levels that changed since an instant over plain HTTP. */
export async function* levelsSince(url: string, since: Date | undefined): AsyncGenerator<Level> {
  const query = 'query Levels($since: String) { levels(since: $since) { id onHand version changedAt } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { since: since?.toISOString() } }),
  });
  const answer: { data: { levels: Level[] } } = await response.json();
  yield* answer.data.levels;
}
