import type { TokenEndpointResponse } from 'oauth4webapi';
import { z } from 'zod';

/** A token as it is kept in the token store, in JSON. */
const KeptToken = z.object({
  version: z.literal(1),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  /** When it was asked for, Unix milliseconds. */
  obtainedAt: z.number(),
  /** When it ends, Unix milliseconds: said by the server, or assumed. */
  expiresAt: z.number(),
  /** What it allows, where that is known. */
  scope: z.array(z.string()).optional(),
});

/** An access token, with what renews it. */
export type OAuthToken = z.output<typeof KeptToken>;

/**
 * Life of a token whose server does not say how long it lives, or says so with a number that cannot be, milliseconds.
 * An answer of 401 renews it before that; taking 0 at its word would renew it before each request.
 */
const assumedLifetimeMs = 30 * 60_000;

/** Renewed so long before its end at most, milliseconds: time for the request that carries it. */
const longestMarginMs = 60_000;

/** Short-lived tokens are renewed in the last tenth of their life. */
const marginShare = 10;

/** A year: beyond any token's life, and far below what a date holds. */
const longestLifetimeMs = 366 * 24 * 3_600_000;

/** `expires_in` as seconds, from a number or the text of one; undefined for what cannot be a life. */
export const lifetimeSeconds = (value: unknown): number | undefined => {
  const text = typeof value === 'string' ? value.trim() : undefined;
  const seconds = text === undefined || text === '' ? value : Number(text);
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
};

/** What a new token takes over where the answer is silent. */
export interface TokenOrigin {
  /** When the request was sent, Unix milliseconds: the life of the token began after that. */
  readonly askedAt: number;
  /** The token that was renewed: its refresh token and scope stay where the answer has none. */
  readonly renewed?: OAuthToken | undefined;
  /** The scope asked for, which an answer without `scope` has granted (RFC 6749, section 5.1). */
  readonly scope?: readonly string[] | undefined;
}

/** The scopes in a text, which are separated by spaces; some vendors use commas. */
const scopesOf = (text: string): string[] => text.split(/[\s,]+/).filter((scope) => scope !== '');

/** The token of an answer. */
export const tokenOf = (answer: TokenEndpointResponse, { askedAt, renewed, scope }: TokenOrigin): OAuthToken => {
  const seconds = lifetimeSeconds(answer.expires_in);
  const lifetime = seconds === undefined ? assumedLifetimeMs : Math.min(seconds * 1_000, longestLifetimeMs);
  const refreshToken = answer.refresh_token ?? renewed?.refreshToken;
  const granted = answer.scope === undefined ? (renewed?.scope ?? scope) : scopesOf(answer.scope);
  return {
    version: 1,
    accessToken: answer.access_token,
    obtainedAt: askedAt,
    expiresAt: askedAt + lifetime,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(granted !== undefined && { scope: [...granted] }),
  };
};

/** Whether a token should be renewed before it is used. */
export const isDue = ({ obtainedAt, expiresAt }: OAuthToken, now: number): boolean => {
  const margin = Math.min(longestMarginMs, (expiresAt - obtainedAt) / marginShare);
  // A clock that was set back makes a token seem to come from the future: its true end is then unknown.
  return now >= expiresAt - margin || now < obtainedAt - longestMarginMs;
};

/** The text under which the token store keeps a token. */
export const tokenText = (token: OAuthToken): string => JSON.stringify(token);

/** The token in a text, or undefined when it holds something else. */
export const readToken = (text: string | undefined): OAuthToken | undefined => {
  if (text === undefined) return undefined;
  try {
    return KeptToken.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // not JSON: the token of another auth method
  }
};
