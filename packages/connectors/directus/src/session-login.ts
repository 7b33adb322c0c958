import { connectorError, isConnectorError, revealSecret, type Secret } from '@mortise/runtime';
import { session } from '@mortise/runtime/auth';
import type { RestTransport } from '@mortise/runtime/rest';
import { z } from 'zod';

/** The connection's transports as signing in sees them. */
export interface Transports {
  readonly rest: RestTransport;
}

const Tokens = z.object({ data: z.object({ access_token: z.string(), refresh_token: z.string() }) });

/** Email and password. */
export interface Login {
  readonly email: string;
  readonly password: Secret;
}

const askTokens = async ({ rest }: Transports, { path, body }: { path: string; body: object }) => {
  // A second login makes a second session and harms nothing; a second refresh is refused, and the login follows.
  const answer = await rest.send({ method: 'POST', path, body: { ...body, mode: 'json' }, effect: 'idempotent' });
  const parsed = Tokens.safeParse(answer.body);
  if (!parsed.success) throw connectorError('unexpected-content', 'the answer to a login has no tokens');
  return parsed.data.data;
};

/**
 * A session by login. A token that ends is replaced by means of the refresh token, which is another one each time;
 * where that is refused or lost, the login is done again. Refresh tokens live in memory only.
 */
export const sessionLogin = ({ email, password }: Login) => {
  let refreshToken: string | undefined;
  return session<Transports>({
    secrets: [password],
    login: async ({ transports, facts }) => {
      const kept = refreshToken;
      // Each refresh token is good for one use, also where its answer is lost.
      refreshToken = undefined;
      const refresh = { path: 'auth/refresh', body: { refresh_token: kept } };
      const renewed = kept === undefined ? undefined : await askTokens(transports, refresh).catch(unlessRefused);
      const body = { email, password: revealSecret(password) };
      const tokens = renewed ?? (await askTokens(transports, { path: 'auth/login', body }));
      refreshToken = tokens.refresh_token;
      facts.remember(tokens.access_token);
      facts.remember(tokens.refresh_token);
      return tokens.access_token;
    },
  });
};

const unlessRefused = (thrown: unknown): undefined => {
  if (isConnectorError(thrown) && (thrown.code === 'unauthenticated' || thrown.code === 'forbidden')) return undefined;
  throw thrown;
};
