import { randomUUID } from 'node:crypto';
import type { Context } from '../types.ts';

/** Access tokens that were given. */
export const tokenSchema = `
CREATE TABLE IF NOT EXISTS access_tokens (token TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;`;

/** Gives a new access token. */
export function giveToken({ database, state }: Context): string {
  const token = `at-${randomUUID()}`;
  const expiresAt = state.clock.now() + state.settings.oauth.accessTokenSeconds * 1000;
  database.statement('INSERT INTO access_tokens VALUES (?, ?)').run(token, expiresAt);
  return token;
}

/** Whether a bearer is good now. */
export function isGoodToken(token: string, { database, state }: Context): boolean {
  if (state.settings.accessTokens.includes(token)) return true;
  const row = database.statement('SELECT expires_at FROM access_tokens WHERE token = ?').get(token);
  return row !== undefined && Number(row.expires_at) > state.clock.now();
}
