import {
  type ConnectorError,
  connectorError,
  isConnectorError,
  toConnectorError,
} from '../../errors/connector-error.ts';
import type { Clock } from '../../resilience/clock.ts';
import type { KeptTokens } from './kept-tokens.ts';
import { isGrantRefused } from './problem.ts';
import { isDue, type OAuthToken } from './token.ts';

/** Gets tokens of one grant. `guard` runs before each request and ends it by throwing. */
export interface TokenGrant {
  /** By the refresh token of the one before. */
  readonly refresh: (known: OAuthToken, guard: () => void) => Promise<OAuthToken>;
  /** Anew. Absent where a person must grant access. */
  readonly request?: ((guard: () => void) => Promise<OAuthToken>) | undefined;
  /** What the host began with, for the time before the store has a token. */
  readonly initial?: OAuthToken | undefined;
}

/** What a person does about credentials that are refused for good. */
export const remedyOf = (connection: string): string => `connection '${connection}' needs to be connected again`;

const needsReconnect = (connection: string, cause: ConnectorError): ConnectorError => {
  const { status, vendorCode, requestId } = cause;
  const message = `${remedyOf(connection)}: the vendor no longer takes its refresh token`;
  return connectorError('unauthenticated', message, { status, vendorCode, requestId, cause });
};

const hasNoGrant = (connection: string, known: OAuthToken | undefined): ConnectorError => {
  const message =
    known === undefined
      ? `connection '${connection}' is not connected yet: grant access in the browser first`
      : `${remedyOf(connection)}: its token has ended, and there is no refresh token`;
  return connectorError('unauthenticated', message);
};

/** Obtains a token: by refresh where there is a refresh token, and anew where the grant can. */
export type Obtain = (known: OAuthToken | undefined, guard: () => void) => Promise<OAuthToken>;

/** How tokens of one connection are obtained. */
export interface Obtaining {
  readonly connection: string;
  readonly clock: Clock;
  readonly grant: TokenGrant;
  readonly kept: KeptTokens;
}

/**
 * Makes what obtains the tokens of a connection. A failure that may pass changes nothing: the old token stays.
 * It rejects with `unauthenticated` once only a person can help.
 */
export const obtaining = ({ connection, clock, grant, kept }: Obtaining): Obtain => {
  /** A refresh token that was refused for good, and how: asking again would only be refused again. */
  let dead: { readonly refreshToken: string | undefined; readonly error: ConnectorError } | undefined;

  /** A sibling without our lock may have rotated the refused token, and then its token is in the store. */
  const fromSibling = async (known: OAuthToken, guard: () => void): Promise<OAuthToken | undefined> => {
    const newer = await kept.read();
    if (newer?.refreshToken === undefined || newer.refreshToken === known.refreshToken) return undefined;
    return isDue(newer, clock.now()) ? grant.refresh(newer, guard) : newer;
  };

  const refreshed: Obtain = async (known, guard) => {
    if (known?.refreshToken === undefined) throw hasNoGrant(connection, known);
    if (known.refreshToken === dead?.refreshToken) throw dead.error;
    try {
      return await grant.refresh(known, guard);
    } catch (thrown) {
      if (!isConnectorError(thrown) || !isGrantRefused(thrown)) throw thrown;
      const token = await fromSibling(known, guard);
      if (token === undefined) throw thrown;
      return token;
    }
  };

  return async (known, guard) => {
    if (known?.refreshToken === undefined && grant.request !== undefined) return grant.request(guard);
    try {
      return await refreshed(known, guard);
    } catch (thrown) {
      const error = toConnectorError(thrown);
      if (error === dead?.error || !isGrantRefused(error)) throw error;
      if (grant.request !== undefined) return grant.request(guard);
      dead = { refreshToken: known?.refreshToken, error: needsReconnect(connection, error) };
      throw dead.error;
    }
  };
};
