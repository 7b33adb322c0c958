import { connectorError, readField } from '@mortise/runtime';
import type { GraphqlTransport } from '@mortise/runtime/graphql';

const loginDocument = `mutation Login($username: String!, $password: String!) {
  login(username: $username, password: $password) { __typename }
}`;

/** The token of a new session comes in a header, not in the answer's body. */
const tokenHeader = 'vendure-auth-token';

/** The connection's transports as signing in sees them. */
export interface Transports {
  readonly admin: GraphqlTransport;
}

/**
 * Signs in and gives the token of the new session.
 * @throws ConnectorError `unauthenticated`.
 */
export const login = async (
  { admin }: Transports,
  credentials: { username: string; password: string },
): Promise<string> => {
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
