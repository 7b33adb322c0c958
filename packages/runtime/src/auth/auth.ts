import type { ConnectionFacts } from '../contract/connection-facts.ts';
import type { Secret } from '../contract/secret.ts';
import type { AuthorizationFlow } from './oauth2/authorization-code.ts';
import type { TokenStore } from './token-store.ts';

/** What an auth method gets to know of its connection. */
export interface AuthContext<LiveTransports> {
  /** Id of the connection: the key of its token. */
  readonly connection: string;
  /** The connection's transports, for calls that sign in. They carry no credentials. */
  readonly transports: LiveTransports;
  readonly tokens?: TokenStore | undefined;
  /** What its transports know of it: clock, store, limits, and where new secrets are told. */
  readonly facts: ConnectionFacts;
}

/** Headers that authenticate one request. */
export type AuthHeaders = Readonly<Record<string, string>>;

/** The request that is to be authenticated, for methods that sign it. */
export interface AuthRequest {
  readonly method: string;
  readonly url: URL;
}

/** Blocks of a SOAP header, as the SOAP transport takes them: element name to content. */
export type SoapHeaderBlocks = Readonly<Record<string, unknown>>;

/**
 * An auth method, live: adds headers to requests and can renew what it adds. What it rejects with ends the call:
 * a ConnectorError, `unauthenticated` where the credentials are at fault.
 */
export interface LiveAuth {
  /** Headers for the next request; signs in first where that is needed. Given again while nothing has changed. */
  readonly headers: (request: AuthRequest, signal?: AbortSignal) => AuthHeaders | Promise<AuthHeaders>;
  /** Credentials that travel in the SOAP header instead, made anew for each attempt: nonces must not repeat. */
  readonly soapHeader?: (request: AuthRequest) => SoapHeaderBlocks;
  /**
   * Drops the credentials that were refused, so that the next `headers` gets new ones. Absent where there is nothing
   * to renew. `refused` are the headers that the vendor did not take: when they are no longer the current ones,
   * somebody else has renewed already and nothing is dropped.
   */
  readonly renew?: (refused: AuthHeaders) => Promise<void>;
  /** The permissions that the credentials carry, where they say so; undefined where that is not known. */
  readonly granted?: () => Promise<readonly string[] | undefined>;
  /** What a person does when the credentials are refused for good, for instance "connection 'a' needs to be connected again". */
  readonly remedy?: string;
}

/** An auth method of a vendor definition, before the connection is opened. */
export interface Auth<LiveTransports> {
  /** Secrets known beforehand, for redaction. */
  readonly secrets: readonly Secret[];
  readonly connect: (context: AuthContext<LiveTransports>) => LiveAuth;
  /** How a user grants access in a browser, where the method has that: `webAuthorization` runs it. */
  readonly authorization?: AuthorizationFlow;
}
