import { ResponseBodyError } from 'oauth4webapi';
import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../../errors/connector-error.ts';

/** What the errors of RFC 6749, section 5.2, and RFC 8693 mean here, and Shopify's own names for some of them. */
const meanings: Readonly<Record<string, { readonly code: ConnectorErrorCode; readonly what: string }>> = {
  invalid_grant: { code: 'unauthenticated', what: 'no longer takes the grant' },
  invalid_client: { code: 'unauthenticated', what: 'does not accept the client id and its secret or key' },
  unauthorized_client: { code: 'unauthenticated', what: 'does not allow this client this kind of grant' },
  access_denied: { code: 'unauthenticated', what: 'denies access' },
  application_cannot_be_found: { code: 'unauthenticated', what: 'does not accept the client id and its secret' },
  shop_not_permitted: { code: 'unauthenticated', what: 'does not allow this client this kind of grant' },
  invalid_scope: { code: 'forbidden', what: 'does not grant the scope asked for' },
};

/** Refusals that are about the client and not about the grant: another grant would be refused as well. */
const ofTheClient = new Set([
  ...['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_grant_type'],
  // Shopify's own names of the same, and HubSpot's.
  ...['application_cannot_be_found', 'shop_not_permitted', 'BAD_CLIENT_ID', 'BAD_CLIENT_SECRET'],
]);

/** Whether the token endpoint has refused the grant for good, so that only a new one can help. */
export const isGrantRefused = ({ code, status, vendorCode }: ConnectorError): boolean =>
  code === 'unauthenticated' && status !== undefined && !(vendorCode !== undefined && ofTheClient.has(vendorCode));

const errorForm = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,60}$/;

/** A code from outside where it is one: it goes into messages. */
export const errorName = (text: string): string => (errorForm.test(text) ? text : 'an unreadable error');

/** What the OAuth library threw, without what it carries along: the answer with its tokens. */
export const tokenProblem = (thrown: unknown, host: string): ConnectorError => {
  if (isConnectorError(thrown)) return thrown;
  if (thrown instanceof ResponseBodyError) {
    const { status, response } = thrown;
    const vendorCode = errorName(thrown.error);
    const known = Object.hasOwn(meanings, vendorCode) ? meanings[vendorCode] : undefined;
    const { code, what } = known ?? { code: 'invalid-request' as const, what: 'refuses the request' };
    const requestId = response.headers.get('x-request-id') ?? undefined;
    return connectorError(code, `${host} ${what} (${vendorCode})`, { status, vendorCode, requestId });
  }
  const reason = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
  return connectorError('unexpected-content', `the token endpoint of ${host} did not answer as OAuth says${reason}`);
};
