import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { connectorError } from '../../errors/connector-error.ts';
import type { TokenStore } from '../token-store.ts';

/** What is kept between the two halves of an authorization, in the token store: sealed like a token. */
const Pending = z.object({
  version: z.literal(1),
  state: z.string(),
  verifier: z.string(),
  issuer: z.string(),
  redirectUri: z.string(),
  scope: z.array(z.string()),
  /** SHA-256 of what the host knows the browser by. */
  browser: z.string().optional(),
  /** Unix milliseconds. */
  expiresAt: z.number(),
});

/** An authorization that a user was sent away for. */
export type PendingAuthorization = Omit<z.output<typeof Pending>, 'version'>;

/** An id of a connection holds no line feed, so that this is nobody's token. */
const keyOf = (connection: string): string => `${connection}\nauthorization`;

/** A state that nobody can guess, and from which the connection can be told. */
export const newState = (connection: string): string =>
  `${randomBytes(24).toString('base64url')}.${Buffer.from(connection).toString('base64url')}`;

/** The connection that a state belongs to. */
const connectionOf = (state: string): string | undefined => {
  const [, encoded] = /^[\w-]{32}\.([\w-]+)$/.exec(state) ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString('utf8');
};

/** What the host knows a browser by, as it is kept. */
export const browserHash = (browser: string): string => createHash('sha256').update(browser).digest('base64url');

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Keeps an authorization; one that the same connection was sent away for before is void. */
export const keepPending = async (
  tokens: TokenStore,
  { connection, pending }: { readonly connection: string; readonly pending: PendingAuthorization },
): Promise<void> => {
  await tokens.save(keyOf(connection), JSON.stringify({ version: 1, ...pending }));
};

const refusedState = (reason: string) =>
  connectorError('invalid-request', `the authorization was not accepted: ${reason}; begin again`);

const readPending = (text: string | undefined): PendingAuthorization | undefined => {
  if (text === undefined) return undefined;
  try {
    return Pending.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // not JSON: nothing that was kept here
  }
};

/** What the browser came back with. */
export interface ReturnedState {
  readonly state: string | null;
  readonly browser: string | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Takes the authorization that a state belongs to out of the store: it can be taken once.
 * @throws ConnectorError `invalid-request` for a state that was not given out, is over, was used already, or came back
 * in another browser. Nothing is taken out then.
 */
export const takePending = async (
  tokens: TokenStore,
  { state, browser, now }: ReturnedState,
): Promise<{ readonly connection: string; readonly pending: PendingAuthorization }> => {
  const connection = connectionOf(state ?? '');
  if (connection === undefined || state === null) throw refusedState('its state is missing or not one of ours');
  const pending = readPending(await tokens.read(keyOf(connection)));
  if (pending === undefined || !isSame(pending.state, state)) {
    throw refusedState('its state was not given out here, or was used already');
  }
  if (now >= pending.expiresAt) throw refusedState('it took too long');
  if (pending.browser !== undefined && (browser === undefined || !isSame(pending.browser, browserHash(browser)))) {
    throw refusedState('it was begun in another browser');
  }
  if (!(await tokens.remove(keyOf(connection)))) throw refusedState('its state was used already');
  return { connection, pending };
};
