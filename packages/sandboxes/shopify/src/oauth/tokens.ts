import { randomBytes } from 'node:crypto';
import type { ShopifyState } from '../types.ts';

/** Tokens that were given out. parent is the refresh token that one replaced; first_used says when its grace began. */
export const tokenSchema = `CREATE TABLE IF NOT EXISTS oauth_tokens (token TEXT PRIMARY KEY, kind TEXT NOT NULL,
  expires_at INTEGER, parent TEXT, first_used INTEGER);`;

type Kind = 'access' | 'refresh' | 'code';
const prefixes: Readonly<Record<Kind, string>> = { access: 'shpat_', refresh: 'shprt_', code: 'code_' };

/** Makes a token; without `seconds` it never ends. */
export function issueToken(
  { database, clock }: ShopifyState,
  kind: Kind,
  { seconds, parent }: { seconds?: number; parent?: string } = {},
): string {
  const token = prefixes[kind] + randomBytes(16).toString('hex');
  const expiresAt = seconds === undefined ? null : clock.now() + seconds * 1000;
  database.statement('INSERT INTO oauth_tokens VALUES (?, ?, ?, ?, NULL)').run(token, kind, expiresAt, parent ?? null);
  return token;
}

function live(
  { database, clock }: ShopifyState,
  { kind, token }: { kind: Kind; token: string },
): Record<string, unknown> | undefined {
  const sql = 'SELECT * FROM oauth_tokens WHERE token = ? AND kind = ? AND (expires_at IS NULL OR expires_at > ?)';
  return database.statement(sql).get(token, kind, clock.now());
}

/** Whether an access token is taken. */
export function isAccessToken(state: ShopifyState, token: string): boolean {
  return state.settings.accessTokens.includes(token) || live(state, { kind: 'access', token }) !== undefined;
}

/** Uses up an authorization code; false for one that is none. */
export function useCode(state: ShopifyState, code: string): boolean {
  if (live(state, { kind: 'code', token: code }) === undefined) return false;
  state.database.statement('DELETE FROM oauth_tokens WHERE token = ?').run(code);
  return true;
}

const dayMs = 86_400_000;

/**
 * Uses a refresh token. It is replaced each time, and keeps working until its replacement is used, at most for the days
 * of grace from its first use: so an answer that was lost on its way costs nothing. False for one that is over.
 */
export function useRefreshToken(state: ShopifyState, token: string): boolean {
  const { database, clock, settings } = state;
  const found = live(state, { kind: 'refresh', token });
  if (found === undefined) return false;
  const now = clock.now();
  const graceEnds = Number(found.first_used ?? now) + settings.oauth.refreshGraceDays * dayMs;
  if (found.first_used !== null && now >= graceEnds) return false;
  database.statement('UPDATE oauth_tokens SET first_used = coalesce(first_used, ?) WHERE token = ?').run(now, token);
  const { parent } = found;
  if (typeof parent === 'string') {
    // The one before is over now, and so are other replacements of it that nobody used.
    database.statement('DELETE FROM oauth_tokens WHERE kind = ? AND token = ?').run('refresh', parent);
    database
      .statement('DELETE FROM oauth_tokens WHERE kind = ? AND parent = ? AND token <> ?')
      .run('refresh', parent, token);
  }
  return true;
}
