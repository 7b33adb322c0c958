import {
  type Call,
  connectorError,
  defineVendor,
  revealSecret,
  secret,
  type TransportDefinition,
} from '@mortise/runtime';
import { apiKey, session } from '@mortise/runtime/auth';
import { type GraphqlError, type GraphqlTransport, graphql } from '@mortise/runtime/graphql';
import { z } from 'zod';
import { login, type Transports } from './login.ts';
import { grantedPermissions } from './permissions.ts';
import { api } from './vendor-facts.ts';

/** `authOptions.apiKeyHeaderKey` where the server does not say otherwise. */
const apiKeyHeader = 'vendure-api-key';

/**
 * Vendure answers FORBIDDEN with status 200 both for a session that has ended and for a permission that is missing:
 * so the session is renewed once, and a second FORBIDDEN is the permission.
 */
const classify = ({ code }: GraphqlError) => {
  if (code === 'FORBIDDEN') return { code: 'forbidden', renew: true } as const;
  if (code === 'UNAUTHORIZED') return { code: 'unauthenticated', renew: true } as const;
  if (code === 'ENTITY_NOT_FOUND') return { code: 'not-found' } as const;
  if (code === 'CHANNEL_NOT_FOUND') return { code: 'invalid-settings' } as const;
  // Without a code: what the database threw, for instance a lock or a lost connection.
  if (code === 'INTERNAL_SERVER_ERROR' || code === undefined) return { code: 'unavailable' } as const;
  return undefined;
};

const eitherWay = 'give apiKey, or username and password';

/** Settings of a Vendure connection. */
const settings = z.strictObject({
  /** URL of the Admin API, for instance https://shop.example.com/admin-api */
  url: z.url({ error: 'a URL is needed, for instance https://shop.example.com/admin-api' }),
  /** Token of the channel whose records are read; the default channel unless given. */
  channelToken: z.string().min(1).optional(),
  /**
   * Orders that were last placed or edited longer ago than this many days are not read again. All orders are read
   * each time unless given, because Vendure does not stamp a change of an order's state.
   */
  orderLookbackDays: z.int().min(1).optional(),
  /** Id of the stock location whose levels are read and written; all locations unless given. */
  stockLocationId: z.string().min(1).optional(),
});

/** What Vendure's operations are called with. */
export type VendureCall = Call<{ readonly admin: TransportDefinition<GraphqlTransport> }, z.output<typeof settings>>;

/** The Vendure shop: Admin API over GraphQL, by API key or session login. */
export const vendure = defineVendor({
  id: 'vendure',
  api,
  settings,
  credentials: z
    .strictObject({
      /** An API key whose role has the permissions needed. Vendure 3.6 and later. */
      apiKey: secret().optional(),
      username: z.string().min(1).optional(),
      password: secret().optional(),
    })
    .refine(
      ({ apiKey: key, username, password }) =>
        key === undefined
          ? username !== undefined && password !== undefined
          : username === undefined && password === undefined,
      { error: eitherWay },
    ),
  transports: ({ url, channelToken }) => ({
    admin: graphql({
      url,
      classify,
      ...(channelToken !== undefined && { headers: { 'vendure-token': channelToken } }),
    }),
  }),
  auth: ({ credentials: { apiKey: key, username, password } }) => {
    if (key !== undefined) return apiKey({ header: apiKeyHeader, key });
    if (username === undefined || password === undefined) throw connectorError('invalid-settings', eitherWay);
    return session<Transports>({
      secrets: [password],
      login: ({ transports }) => login(transports, { username, password: revealSecret(password) }),
    });
  },
  grantedPermissions: ({ transports, settings }) => grantedPermissions(transports, settings.channelToken),
});
