import {
  type Auth,
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  open,
  type RuntimeEvent,
  secret,
} from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import {
  type CatchUp,
  type GraphqlRealtimeOptions,
  type PlainRealtimeOptions,
  realtime,
} from '@mortise/runtime/realtime';
import { z } from 'zod';

/** A stock level as these tests' vendor sends it. */
export const StockLevel = z.looseObject({
  id: z.string(),
  onHand: z.number(),
  version: z.string().optional(),
  changedAt: z.string().optional(),
});

/** The same, parsed. */
export type StockLevel = z.output<typeof StockLevel>;

/** The credential of the connections here. */
export const canary = 'canary-9c1d-stock-token';

/** What a connection of these tests can be given. */
export interface LiveStockOptions extends ConnectionOptions {
  readonly auth?: Auth<unknown>;
  /** Reads what changed since an instant, for the catch-up. */
  readonly list?: (since: Date | undefined) => AsyncIterable<object>;
  readonly catchUp?: Partial<CatchUp<unknown>>;
  readonly plain?: Partial<PlainRealtimeOptions>;
  readonly graphql?: Partial<GraphqlRealtimeOptions>;
}

const changed = (record: unknown) => ({ kind: 'changed' as const, record });

type Changed = ReturnType<typeof changed>;

const field = (item: Changed, name: string): string | undefined => {
  const { record } = item;
  const value: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, name) : undefined;
  return typeof value === 'string' ? value : undefined;
};

const catchUpOf = ({ list, catchUp }: LiveStockOptions, from: Date | undefined): CatchUp<Changed> | undefined => {
  if (list === undefined) return undefined;
  return {
    from,
    settleMs: 20,
    read: async function* (since) {
      for await (const record of list(since)) yield changed(record);
    },
    keyOf: (item) => field(item, 'id'),
    changedAt: (item) => {
      const stamp = field(item, 'changedAt');
      return stamp === undefined ? undefined : Date.parse(stamp);
    },
    versionOf: (item) => field(item, 'version'),
    ...(catchUp as Partial<CatchUp<Changed>>), // tests give only what does not depend on the item
  };
};

/** A connector with one resource that can be subscribed to over both protocols, opened. */
export const openStock = (url: string, given: LiveStockOptions = {}) => {
  const events: RuntimeEvent[] = [];
  const { auth, list: _list, catchUp: _catchUp, plain, graphql, ...options } = given;
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({
      plain: realtime({ url, protocol: 'plain', ...plain }),
      graphql: realtime({ url: `${url}/graphql`, protocol: 'graphql-ws', ...graphql }),
    }),
    auth: ({ credentials }) => auth ?? bearer(credentials.token),
  });
  const described = { record: StockLevel, key: 'id', changes: 'none' } as const;
  const plainStock = vendor.resource({
    ...described,
    subscribe: (call, { since }) =>
      call.transports.plain.subscribe({
        messages: [{ type: 'subscribe', to: 'stock' }],
        items: (event) => [changed(event)],
        catchUp: catchUpOf(given, since),
      }),
  });
  const graphqlStock = vendor.resource({
    ...described,
    subscribe: (call, { since }) =>
      call.transports.graphql.subscribe({
        document: 'subscription StockChanged { stockChanged { id onHand version changedAt } }',
        items: (event) => [changed(z.looseObject({ stockChanged: z.unknown() }).parse(event).stockChanged)],
        catchUp: catchUpOf(given, since),
      }),
  });
  const live = open(vendor.connector({ resources: { plainStock, graphqlStock } }), {
    credentials: { token: canary },
    limits: { backoffBaseMs: 1, backoffCapMs: 2 },
    events: (event) => void events.push(event),
    ...options,
  });
  return { plain: live.plainStock, graphql: live.graphqlStock, events };
};

/** The stock levels of changes, until there are so many; leaves the subscription then. */
export const take = async (
  changes: AsyncIterable<{ readonly kind: string; readonly record?: StockLevel }>,
  count: number,
): Promise<StockLevel[]> => {
  const taken: StockLevel[] = [];
  for await (const { record } of changes) {
    if (record !== undefined) taken.push(record);
    if (taken.length >= count) break;
  }
  return taken;
};

/** The ConnectorError that a subscription ends with. */
export const endOf = async (changes: AsyncIterable<unknown>): Promise<ConnectorError> => {
  try {
    for await (const _ of changes);
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('the subscription ended without an error');
};
