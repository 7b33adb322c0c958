import { type Call, connectorError, defineVendor, type TransportDefinition } from '@mortise/runtime';
import { clientCredentials, tokenBased } from '@mortise/runtime/auth';
import { type RestTransport, rest } from '@mortise/runtime/rest';
import { type SoapTransport, soap } from '@mortise/runtime/soap';
import { classifyAnswer } from './rest/error-body.ts';
import { credentials, type NetSuiteCredentials, type NetSuiteSettings, settings } from './settings.ts';
import { classifyFault } from './soap/faults.ts';
import { apiFacts, namespaces, soapVersion } from './vendor-facts.ts';

/** What NetSuite's operations are called with. */
export type NetSuiteCall = Call<
  { readonly soap: TransportDefinition<SoapTransport>; readonly rest: TransportDefinition<RestTransport> },
  NetSuiteSettings
>;

/** The account's own domain: `123456_SB1` is `123456-sb1` there. */
const originOf = ({ account, baseUrl }: NetSuiteSettings): string =>
  (baseUrl ?? `https://${account.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`).replace(/\/$/, '');

/** The account's limit counts SOAP, REST and RESTlets together. */
const quota = ({ concurrentRequests }: NetSuiteSettings) => [{ name: 'default', concurrent: concurrentRequests }];

const tokenAuth = ({ account }: NetSuiteSettings, { tokens }: NetSuiteCredentials) => {
  if (tokens === undefined) {
    throw connectorError(
      'invalid-settings',
      "api 'soap' needs the credential 'tokens': the keys of integration and token",
    );
  }
  const { consumerKey, consumerSecret, tokenId, tokenSecret } = tokens;
  return tokenBased({
    account,
    consumer: { key: consumerKey, secret: consumerSecret },
    token: { key: tokenId, secret: tokenSecret },
    soap: namespaces,
  });
};

const certificateAuth = (given: NetSuiteSettings, { certificate }: NetSuiteCredentials) => {
  if (certificate === undefined) {
    throw connectorError(
      'invalid-settings',
      "api 'rest' needs the credential 'certificate': client, certificate id and key",
    );
  }
  const { clientId, certificateId, privateKey, algorithm } = certificate;
  const tokenEndpoint = `${originOf(given)}/services/rest/auth/oauth2/v1/token`;
  // NetSuite reads the scope from the assertion, not from the request.
  const claims = { scope: ['rest_webservices'] };
  return clientCredentials({
    server: { tokenEndpoint, issuer: tokenEndpoint },
    client: { id: clientId, key: { algorithm, privateKey, keyId: certificateId }, claims },
  });
};

/** NetSuite: settings, credentials, both transports, and the auth of the one that is used. */
export const netsuite = defineVendor({
  id: 'netsuite',
  api: ({ api }) => apiFacts[api],
  settings,
  credentials,
  transports: (given) => ({
    soap: soap({
      url: `${originOf(given)}/services/NetSuitePort_${soapVersion}`,
      namespaces,
      quota: quota(given),
      classify: classifyFault,
    }),
    rest: rest({ baseUrl: `${originOf(given)}/services/rest`, quota: quota(given), classify: classifyAnswer }),
  }),
  auth: ({ settings: given, credentials: keys }) =>
    given.api === 'soap' ? tokenAuth(given, keys) : certificateAuth(given, keys),
});
