import type { AuthContext } from '../auth.ts';
import { type OAuthToken, readToken, tokenText } from './token.ts';

/** The token of one connection, in the store that processes share. */
export interface KeptTokens {
  readonly read: () => Promise<OAuthToken | undefined>;
  /** Keeps a new token, under the fence of a lease. Gives the one that holds from now on: perhaps a newer one's. */
  readonly save: (token: OAuthToken, fence: number | undefined) => Promise<OAuthToken>;
  /** Whether there is a token that the store would not take. */
  readonly hasUnsaved: () => boolean;
}

/** Keeps tokens in the connection's store, or in memory where it has none. `initial` is what the host began with. */
export const keptTokens = (
  { tokens, connection, facts }: AuthContext<unknown>,
  initial: OAuthToken | undefined,
): KeptTokens => {
  /** Kept until the store has it: after a rotation this is the only refresh token that there is. */
  let unsaved: OAuthToken | undefined;
  const read = async () => unsaved ?? readToken(await tokens?.read(connection)) ?? initial;
  return {
    read,
    save: async (token, fence) => {
      facts.remember(token.accessToken);
      if (token.refreshToken !== undefined) facts.remember(token.refreshToken);
      unsaved = token;
      if (tokens === undefined) return token;
      const isKept = await tokens.save(connection, tokenText(token), fence === undefined ? {} : { fence });
      unsaved = undefined;
      // Somebody took the lease over and was faster: theirs is the newer one.
      return isKept ? token : ((await read()) ?? token);
    },
    hasUnsaved: () => tokens !== undefined && unsaved !== undefined,
  };
};
