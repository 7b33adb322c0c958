import { errorCodes } from '../../errors/codes.ts';
import { isConnectorError } from '../../errors/connector-error.ts';
import { lastingHeaders } from '../../http/headers.ts';
import { untilCancelled } from '../../resilience/clock.ts';
import type { AuthHeaders, LiveAuth } from '../auth.ts';
import { remedyOf } from './obtaining.ts';
import { type Renewal, tokenRenewal } from './renewal.ts';
import { isDue, type OAuthToken } from './token.ts';

/** A renewal that failed is not tried again so soon while the old token still has some life, milliseconds. */
const pauseAfterFailureMs = 10_000;

/** A token that is refused so soon after it replaced a refused one will not get better by another one, milliseconds. */
const newTokenMs = 30_000;

interface Current {
  readonly token: OAuthToken;
  readonly headers: AuthHeaders;
  /** It was made because the one before it was refused. */
  readonly replacesRefused: boolean;
}

const isPassing = (thrown: unknown): boolean => isConnectorError(thrown) && errorCodes[thrown.code].retry !== 'never';

const headersOf = (accessToken: string, tokenHeader: string | undefined): AuthHeaders =>
  lastingHeaders(
    tokenHeader === undefined ? { authorization: `Bearer ${accessToken}` } : { [tokenHeader]: accessToken },
  );

/**
 * Bearer tokens that are renewed before they end, and once when they are refused. All calls that need a new one at the
 * same time wait for the same renewal. `tokenHeader` carries the token alone, where it is not `Authorization`.
 */
export const liveToken = (renewal: Renewal, tokenHeader?: string): LiveAuth => {
  const { context, endpoint } = renewal;
  const { clock } = endpoint.road;
  const { stored, renewed } = tokenRenewal(renewal);
  let current: Current | undefined;
  let pending: Promise<AuthHeaders> | undefined;
  /** The access token that the vendor did not take. */
  let refused: string | undefined;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  const use = (token: OAuthToken): AuthHeaders => {
    const replacesRefused = refused !== undefined && token.accessToken !== refused;
    if (current?.token.accessToken !== token.accessToken) {
      current = { token, headers: headersOf(token.accessToken, tokenHeader), replacesRefused };
    }
    refused = undefined;
    return current.headers;
  };

  /** The old token where it can still be used: the vendor's token endpoint is in trouble, its API need not be. */
  const stillGood = (): AuthHeaders | undefined =>
    current !== undefined && refused === undefined && clock.now() < current.token.expiresAt
      ? current.headers
      : undefined;

  const renew = async (): Promise<AuthHeaders> => {
    try {
      return use(await renewed(refused));
    } catch (thrown) {
      const old = isPassing(thrown) ? stillGood() : undefined;
      if (old === undefined) throw thrown;
      pausedUntil = clock.now() + pauseAfterFailureMs;
      return old;
    }
  };

  return {
    headers: (_request, signal) => {
      const now = clock.now();
      if (current !== undefined && refused === undefined && !isDue(current.token, now)) return current.headers;
      const old = now < pausedUntil ? stillGood() : undefined;
      if (old !== undefined) return old;
      // Without the signal of the caller who happens to come first: the others need the token when he has gone.
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return untilCancelled(pending, signal);
    },
    renew: async (headers) => {
      if (current === undefined || current.headers !== headers) return;
      const { token, replacesRefused } = current;
      if (replacesRefused && clock.now() - token.obtainedAt < newTokenMs) return;
      refused = token.accessToken;
      pausedUntil = Number.NEGATIVE_INFINITY;
    },
    granted: async () => (current?.token ?? (await stored()))?.scope,
    remedy: remedyOf(context.connection),
  };
};
