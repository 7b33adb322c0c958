import { revealSecret } from '../../contract/secret.ts';
import { callRoad } from '../../resilience/call-road.ts';
import type { Auth, SoapHeaderBlocks } from '../auth.ts';
import { type KeyPair, newNonce, oauth1, pairSecrets, type SigningMoment } from './oauth1.ts';
import { hmacSignature, percentEncoded } from './signature.ts';

/** NetSuite's token-based credentials, of an integration record and an access token. */
export interface TokenBasedOptions {
  /** Account id in the body's form, for instance `123456_SB1`. */
  readonly account: string;
  readonly consumer: KeyPair;
  readonly token: KeyPair;
  /** Namespaces of the SOAP API's version: the passport then goes into the SOAP header, and no HTTP header is sent. */
  readonly soap?: PassportNamespaces;
}

/** The namespaces of a passport, for instance of version `2025_2`. */
export interface PassportNamespaces {
  /** `urn:messages_2025_2.platform.webservices.netsuite.com` */
  readonly messages: string;
  /** `urn:core_2025_2.platform.webservices.netsuite.com` */
  readonly core: string;
}

const method = 'HMAC-SHA256';

/** The signature of a passport: of the account, both keys, nonce and time, whatever the request is. */
export const passportSignature = ({ account, consumer, token }: TokenBasedOptions, moment: SigningMoment): string => {
  const parts = [account, revealSecret(consumer.key), revealSecret(token.key), moment.nonce, String(moment.timestamp)];
  const [consumerSecret, tokenSecret] = [revealSecret(consumer.secret), revealSecret(token.secret)];
  return hmacSignature(parts.map(percentEncoded).join('&'), { method, consumerSecret, tokenSecret });
};

const passport = (
  options: TokenBasedOptions,
  { namespaces, moment }: { readonly namespaces: PassportNamespaces; readonly moment: SigningMoment },
): SoapHeaderBlocks => {
  const { messages, core } = namespaces;
  return {
    [`{${messages}}tokenPassport`]: {
      [`{${core}}account`]: options.account,
      [`{${core}}consumerKey`]: revealSecret(options.consumer.key),
      [`{${core}}token`]: revealSecret(options.token.key),
      [`{${core}}nonce`]: moment.nonce,
      [`{${core}}timestamp`]: String(moment.timestamp),
      [`{${core}}signature`]: { '@algorithm': method, '#text': passportSignature(options, moment) },
    },
  };
};

/**
 * NetSuite's token-based authentication: as an OAuth 1.0a header for REST, or as a `tokenPassport` in the SOAP header.
 * A passport is good once: each attempt gets a new one.
 * @see https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4381113277.html
 */
export const tokenBased = (options: TokenBasedOptions): Auth<unknown> => {
  const { soap, account, consumer, token } = options;
  if (soap === undefined) return oauth1({ consumer, token, method, realm: account });
  return {
    secrets: pairSecrets(options),
    connect: ({ facts }) => {
      const { clock } = callRoad(facts);
      const none = Object.freeze({});
      return {
        headers: () => none,
        soapHeader: () => {
          const moment = { timestamp: Math.floor(clock.now() / 1_000), nonce: newNonce() };
          return passport(options, { namespaces: soap, moment });
        },
      };
    },
  };
};
