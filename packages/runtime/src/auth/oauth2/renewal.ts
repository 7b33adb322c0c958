import { connectorError, isConnectorError } from '../../errors/connector-error.ts';
import type { AuthContext } from '../auth.ts';
import { keptTokens } from './kept-tokens.ts';
import { type TokenLease, waitForLease } from './lease.ts';
import { obtaining, type TokenGrant } from './obtaining.ts';
import { isDue, type OAuthToken } from './token.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** What renewing a token needs. */
export interface Renewal {
  readonly context: AuthContext<unknown>;
  readonly endpoint: TokenEndpoint;
  readonly grant: TokenGrant;
}

/** Tokens of one connection, renewed where that is due. */
export interface TokenRenewal {
  /** The token in the store. */
  readonly stored: () => Promise<OAuthToken | undefined>;
  /** A token that is not due and not the one that was refused: of the store, of another process, or a new one. */
  readonly renewed: (refused: string | undefined) => Promise<OAuthToken>;
}

/** A lease that runs out once is a suspended machine; more often than this it is something else. */
const mostLostLeases = 3;

/** Stops a request for a token whose lease is over: another process may be asking by now. */
const guardOf = (lease: TokenLease) => () => {
  if (!lease.isOver()) return;
  const reason = 'the machine was suspended, or the token endpoint too slow';
  throw connectorError('state-busy', `the lock of the token ran out before the token was asked for: ${reason}`);
};

/** Makes the renewal of a connection's tokens. One at a time in this process: its caller sees to that. */
export const tokenRenewal = ({ context, endpoint, grant }: Renewal): TokenRenewal => {
  const { connection, facts } = context;
  const { road } = endpoint;
  const kept = keptTokens(context, grant.initial);
  const obtain = obtaining({ connection, clock: road.clock, grant, kept });

  const usable = (token: OAuthToken | undefined, refused: string | undefined): OAuthToken | undefined =>
    token === undefined || token.accessToken === refused || isDue(token, road.clock.now()) ? undefined : token;

  const underLease = async (lease: TokenLease, refused: string | undefined): Promise<OAuthToken> => {
    try {
      // Read again inside the lock: its last holder may have renewed.
      const known = await kept.read();
      const token = usable(known, refused) ?? (await obtain(known, guardOf(lease)));
      return token === known && !kept.hasUnsaved() ? token : await kept.save(token, lease.fence);
    } finally {
      await lease.release();
    }
  };

  const renewed = async (refused: string | undefined): Promise<OAuthToken> => {
    const meanwhile = async () => (kept.hasUnsaved() ? undefined : usable(await kept.read(), refused));
    const known = await meanwhile();
    if (known !== undefined) return known;
    const locks = facts.options.store?.locks;
    for (let lost = 0; ; lost += 1) {
      const given = await waitForLease({ road, locks, connection, meanwhile });
      if ('done' in given) return given.done;
      try {
        return await underLease(given.lease, refused);
      } catch (thrown) {
        const isLost = given.lease.isOver() && isConnectorError(thrown) && thrown.code === 'state-busy';
        if (!isLost || lost >= mostLostLeases) throw thrown;
      }
    }
  };

  return { stored: kept.read, renewed };
};
