import type { Secret } from '../../contract/secret.ts';
import type { SigningKey } from '../signed-jwt.ts';

/** Where a vendor's OAuth 2.0 server is reached. https, or http on loopback. */
export interface OAuthServer {
  /** Issuer identifier (RFC 8414), which `iss` of an authorization answer must equal; the token endpoint's origin unless given. */
  readonly issuer?: string;
  /** Where users grant access. Needed for the authorization code flow alone. */
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint: string;
  /** The server puts `iss` into every authorization answer (RFC 9207): one without it is refused. */
  readonly sendsIssuer?: boolean;
}

/** The application as it is registered with the vendor. Without secret and key it is a public client. */
export interface OAuthClient {
  readonly id: string;
  readonly secret?: Secret;
  /** Where the secret goes: the Authorization header, or the body (`client_secret_post`). `header` unless given. */
  readonly sendsSecretIn?: 'header' | 'body';
  /** Authenticates by a signed JWT (`private_key_jwt`, RFC 7523) instead of a secret. */
  readonly key?: SigningKey;
  /** Claims that the vendor wants in that JWT besides, for instance NetSuite's `scope`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The secrets of a client, for redaction. */
export const clientSecrets = ({ secret, key }: OAuthClient): readonly Secret[] => [
  ...(secret === undefined ? [] : [secret]),
  ...(key === undefined ? [] : [key.privateKey]),
];
