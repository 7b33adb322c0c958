import { connectorError, defineVendor, isConnectorError, readField, revealSecret, secret } from '@mortise/runtime';
import { apiKey, session } from '@mortise/runtime/auth';
import { type GraphqlError, type GraphqlTransport, graphql } from '@mortise/runtime/graphql';
import { z } from 'zod';

/** What reads variants and their stock: either is enough. */
export const readsProducts = ['ReadProduct', 'ReadCatalog'] as const;

/** `authOptions.apiKeyHeaderKey` where the server does not say otherwise. */
const apiKeyHeader = 'vendure-api-key';

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

const permissionsDocument = 'query Permissions { me { channels { code token permissions } } }';
const channelDocument = 'query ActiveChannel { activeChannel { id } }';

/** Everybody has these: they are no permissions that somebody could take away. */
const givenToAll = new Set(['Authenticated', 'Owner', 'Public']);

/** The permissions in the channel that is read. */
const Me = z.object({
  channels: z.array(z.object({ code: z.string(), token: z.string(), permissions: z.array(z.string()) })),
});

/** Data of a document, or undefined where the shop refuses it. */
const dataUnlessForbidden = async ({ admin }: Transports, document: string): Promise<unknown> => {
  try {
    return (await admin.send({ document })).data;
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code === 'forbidden') return undefined;
    throw thrown;
  }
};

/**
 * Asks the shop for the permissions of the role behind the credentials. An administrator gets them; an API key is
 * refused (3.7.3: `me` is for administrators), and can only tell that the shop knows it.
 * @throws ConnectorError `unauthenticated` when the shop does not know who asks.
 */
const grantedPermissions = async (
  transports: Transports,
  channelToken: string | undefined,
): Promise<readonly string[] | undefined> => {
  const data = await dataUnlessForbidden(transports, permissionsDocument);
  if (data === undefined) {
    // Needs no permission but to be somebody.
    if ((await dataUnlessForbidden(transports, channelDocument)) !== undefined) return undefined;
    throw connectorError('unauthenticated', 'the shop does not accept the API key or session');
  }
  const me = Me.safeParse(readField(data, 'me')).data;
  const isRead = ({ code, token }: { code: string; token: string }) =>
    channelToken === undefined ? code === '__default_channel__' : token === channelToken;
  return me?.channels.find(isRead)?.permissions.filter((name) => !givenToAll.has(name));
};

const eitherWay = 'give apiKey, or username and password';

/** The Vendure shop: Admin API over GraphQL, by API key or session login. */
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
