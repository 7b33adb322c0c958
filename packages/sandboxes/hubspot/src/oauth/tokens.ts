import { randomBytes } from 'node:crypto';
import type { HubSpotState } from '../types.ts';

/** Tokens and codes that were handed out. */
export const tokenSchema = `
CREATE TABLE IF NOT EXISTS oauth_tokens (token TEXT PRIMARY KEY, kind TEXT NOT NULL, expires_at INTEGER) WITHOUT ROWID;`;

/** What a token is: the access kinds, or a code that is spent once. */
export type TokenKind = 'access' | 'refresh' | 'code';

/** Makes and stores a token; `seconds` undefined never expires. */
export function issueToken(state: HubSpotState, kind: TokenKind, { seconds }: { seconds?: number } = {}): string {
  const token = `${kind}-${randomBytes(24).toString('base64url')}`;
  const expiresAt = seconds === undefined ? null : state.clock.now() + seconds * 1000;
  state.database.statement('INSERT INTO oauth_tokens VALUES (?, ?, ?)').run(token, kind, expiresAt);
  return token;
}

/** Whether a token is good, past its time, or none of ours. */
export function tokenStatus(
  state: HubSpotState,
  { kind, token }: { kind: TokenKind; token: string },
): 'valid' | 'expired' | 'unknown' {
  const sql = 'SELECT expires_at FROM oauth_tokens WHERE token = ? AND kind = ?';
  const row = state.database.statement(sql).get(token, kind);
  if (row === undefined) return 'unknown';
  return row.expires_at === null || Number(row.expires_at) > state.clock.now() ? 'valid' : 'expired';
}

/** Forgets a token. */
export function dropToken(state: HubSpotState, token: string): void {
  state.database.statement('DELETE FROM oauth_tokens WHERE token = ?').run(token);
}
