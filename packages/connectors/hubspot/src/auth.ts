import { connectorError } from '@mortise/runtime';
import { authorizationCode, bearer } from '@mortise/runtime/auth';
import { eitherWay, type HubSpotCredentials, type HubSpotSettings } from './settings.ts';
import { tokenPath, vendorFacts } from './vendor-facts.ts';

/** Where the authorization of this account is. */
interface Given {
  readonly settings: HubSpotSettings;
  readonly credentials: HubSpotCredentials;
}

/**
 * A service key as it is, or an OAuth app's token, renewed. HubSpot takes the client's secret in the body alone and does
 * not rotate refresh tokens, as far as we know; where it does, the new one is kept.
 */
export const authOf = ({ settings, credentials }: Given) => {
  const { token, clientId, clientSecret, refreshToken } = credentials;
  if (token !== undefined) return bearer(token);
  if (clientId === undefined || clientSecret === undefined) throw connectorError('invalid-settings', eitherWay);
  return authorizationCode({
    server: {
      authorizationEndpoint: settings.authorizeUrl,
      tokenEndpoint: settings.baseUrl.replace(/\/$/, '') + tokenPath,
    },
    client: { id: clientId, secret: clientSecret, sendsSecretIn: 'body' },
    // Service keys have no such scope: so it is no base permission of the vendor.
    permissions: vendorFacts.oauthScopes,
    ...(refreshToken !== undefined && { refreshToken }),
  });
};
