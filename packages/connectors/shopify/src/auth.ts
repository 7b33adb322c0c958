import { type Auth, connectorError } from '@mortise/runtime';
import { apiKey, authorizationCode, clientCredentials } from '@mortise/runtime/auth';
import { originOf, type ShopifyCredentials, type ShopifySettings } from './settings.ts';

/** Shopify takes tokens in this header, and never as `Authorization`. */
const tokenHeader = 'x-shopify-access-token';

/**
 * The auth method that the credentials are for: a fixed token, the app's own grant, or a merchant's consent.
 * @see https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 */
export const auth = ({
  settings,
  credentials: { accessToken, clientId, clientSecret, refreshToken },
}: {
  readonly settings: ShopifySettings;
  readonly credentials: ShopifyCredentials;
}): Auth<unknown> => {
  if (accessToken !== undefined) return apiKey({ header: tokenHeader, key: accessToken });
  if (clientId === undefined || clientSecret === undefined) {
    throw connectorError('invalid-settings', 'give accessToken, or clientId and clientSecret');
  }
  const oauth = new URL('/admin/oauth/', originOf(settings)).href;
  const common = {
    server: { tokenEndpoint: `${oauth}access_token`, authorizationEndpoint: `${oauth}authorize` },
    client: { id: clientId, secret: clientSecret, sendsSecretIn: 'body' },
    tokenHeader,
  } as const;
  if (settings.grant === 'client-credentials') return clientCredentials(common);
  return authorizationCode({
    ...common,
    // Tokens that end and rotate: all that public apps get from January 2027 on.
    parameters: { expiring: '1' },
    scopeSeparator: ',',
    ...(refreshToken !== undefined && { refreshToken }),
  });
};
