import type { Secret } from '../contract/secret.ts';
import { untilCancelled } from '../resilience/clock.ts';
import type { Auth, AuthContext, AuthHeaders, LiveAuth } from './auth.ts';

/** How a vendor's session login works. */
export interface SessionLogin<LiveTransports> {
  /** The credentials that the login sends, for redaction. */
  readonly secrets: readonly Secret[];
  /** Signs in and gives the token of the new session. Rejects with a ConnectorError: `unauthenticated` when refused. */
  readonly login: (context: AuthContext<LiveTransports>, signal?: AbortSignal) => Promise<string>;
  /** The headers that carry the token; `Authorization: Bearer …` unless given. */
  readonly headers?: (token: string) => AuthHeaders;
}

const asBearer = (token: string): AuthHeaders => ({ authorization: `Bearer ${token}` });

/**
 * Signs in once, keeps the session's token (also in the token store, when the connection has one), and signs in again
 * once when the vendor no longer takes it. Calls that need it at the same time share one login.
 */
export const session = <LiveTransports>(definition: SessionLogin<LiveTransports>): Auth<LiveTransports> => ({
  secrets: definition.secrets,
  connect: (context) => liveSession(definition, context),
});

const liveSession = <LiveTransports>(
  { login, headers: toHeaders = asBearer }: SessionLogin<LiveTransports>,
  context: AuthContext<LiveTransports>,
): LiveAuth => {
  const { tokens, connection } = context;
  let current: AuthHeaders | undefined;
  let pending: Promise<AuthHeaders> | undefined;
  let storedIsStale = false;

  const signIn = async (): Promise<AuthHeaders> => {
    const stored = storedIsStale ? undefined : await tokens?.read(connection);
    const token = stored ?? (await login(context));
    if (stored === undefined) await tokens?.save(connection, token);
    storedIsStale = false;
    current = toHeaders(token);
    return current;
  };

  return {
    headers: (_request, signal) => {
      if (current !== undefined) return current;
      // Without the signal of the caller who happens to come first: the others need the login when he has gone.
      pending ??= signIn().finally(() => {
        pending = undefined;
      });
      return untilCancelled(pending, signal);
    },
    renew: async (refused) => {
      if (current !== refused) return;
      current = undefined;
      storedIsStale = true;
    },
  };
};
