import { connectorError, defineVendor, readField, revealSecret, secret } from '@mortise/runtime';
import { session } from '@mortise/runtime/auth';
import { type GraphqlError, type GraphqlTransport, graphql } from '@mortise/runtime/graphql';
import { z } from 'zod';

const loginDocument = `mutation Login($username: String!, $password: String!) {
  login(username: $username, password: $password) { __typename }
}`;

/** The token of a new session comes in a header, not in the answer's body. */
const tokenHeader = 'vendure-auth-token';

/** The connection's transports as the login sees them. */
interface Transports {
  readonly admin: GraphqlTransport;
}

const login = async ({ admin }: Transports, credentials: { username: string; password: string }): Promise<string> => {
  // A second login makes a second session and harms nothing.
  const answer = await admin.send({ document: loginDocument, variables: credentials, effect: 'idempotent' });
  const token = answer.headers[tokenHeader];
  const kind = readField(answer.data, 'login.__typename');
  if (kind === 'CurrentUser' && token !== undefined && token !== '') return token;
  if (kind !== 'CurrentUser') {
    throw connectorError('unauthenticated', 'the shop does not accept the user name and password');
  }
  throw connectorError('unauthenticated', "the shop gives no session token: add 'bearer' to authOptions.tokenMethod");
};

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

/** The Vendure shop: Admin API over GraphQL, session login. */
export const vendure = defineVendor({
  id: 'vendure',
  settings: z.strictObject({
    /** URL of the Admin API, for instance https://shop.example.com/admin-api */
    url: z.url({ error: 'a URL is needed, for instance https://shop.example.com/admin-api' }),
    /** Token of the channel whose records are read; the default channel unless given. */
    channelToken: z.string().min(1).optional(),
    /**
     * Orders that were last placed or edited longer ago than this many days are not read again. All orders are read
     * each time unless given, because Vendure does not stamp a change of an order's state.
     */
    orderLookbackDays: z.int().min(1).optional(),
  }),
  credentials: z.strictObject({
    username: z.string().min(1),
    password: secret(),
  }),
  transports: ({ url, channelToken }) => ({
    admin: graphql({
      url,
      classify,
      ...(channelToken !== undefined && { headers: { 'vendure-token': channelToken } }),
    }),
  }),
  auth: ({ credentials: { username, password } }) =>
    session<Transports>({
      secrets: [password],
      login: ({ transports }) => login(transports, { username, password: revealSecret(password) }),
    }),
});
