import { randomBytes } from 'node:crypto';
import { isRecord, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import type { Context, ShopifyState } from '../state.ts';

/** The table of tokens that were given out. */
export const tokenSchema = `CREATE TABLE IF NOT EXISTS tokens (
  access TEXT PRIMARY KEY, refresh TEXT, ends INTEGER NOT NULL, refresh_ends INTEGER,
  /* The refresh token by which it was got: it works until this pair is used. */
  replaces TEXT, used INTEGER NOT NULL DEFAULT 0);`;

const refused = (status: number, error: string): SandboxAnswer => ({
  status,
  json: { error, error_description: error },
});

const fresh = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`;

const fieldsOf = ({ body }: SandboxRequest): Readonly<Record<string, unknown>> => {
  if (body instanceof URLSearchParams) return Object.fromEntries(body);
  return isRecord(body) ? body : {};
};

/** Gives tokens: to the app itself, in exchange for a session token or a code, or for a refresh token. */
export const answerToken = (request: SandboxRequest, { state }: Context): SandboxAnswer => {
  const { oauth } = state.settings;
  const fields = fieldsOf(request);
  if (fields.client_id !== oauth.clientId || fields.client_secret !== oauth.clientSecret)
    return refused(401, 'invalid_client');
  const scope = (state.settings.grantedScopes ?? ['read_products']).join(',');
  const isExpiring = String(fields.expiring ?? '0') === '1';
  switch (fields.grant_type) {
    case 'client_credentials':
      return {
        status: 200,
        json: { access_token: issue(state, { seconds: 86_399 }).access, scope, expires_in: 86_399 },
      };
    case 'refresh_token':
      return refresh(state, { given: String(fields.refresh_token), scope });
    case 'urn:ietf:params:oauth:grant-type:token-exchange':
    case undefined:
    case 'authorization_code':
      return isExpiring ? pairAnswer(state, { pair: issuePair(state), scope }) : lasting(state, scope);
    default:
      return refused(400, 'unsupported_grant_type');
  }
};

const lasting = (state: ShopifyState, scope: string): SandboxAnswer => ({
  status: 200,
  json: { access_token: issue(state, { seconds: 100 * 365 * 86_400 }).access, scope },
});

const issue = ({ database, clock }: ShopifyState, { seconds }: { seconds: number }): { access: string } => {
  const access = fresh('shpat');
  database.statement('INSERT INTO tokens (access, ends) VALUES (?, ?)').run(access, clock.now() + seconds * 1_000);
  return { access };
};

const issuePair = ({ database, clock, settings }: ShopifyState, replaces: string | null = null) => {
  const [access, refreshToken] = [fresh('shpat'), fresh('shprt')];
  const { accessTokenSeconds, refreshTokenSeconds } = settings.oauth;
  const sql = 'INSERT INTO tokens (access, refresh, ends, refresh_ends, replaces) VALUES (?, ?, ?, ?, ?)';
  const [ends, refreshEnds] = [accessTokenSeconds, refreshTokenSeconds].map((seconds) => clock.now() + seconds * 1_000);
  database.statement(sql).run(access, refreshToken, ends ?? 0, refreshEnds ?? 0, replaces);
  return { access, refreshToken };
};

const pairAnswer = (
  { settings: { oauth } }: ShopifyState,
  { pair, scope }: { pair: { access: string; refreshToken: string }; scope: string },
): SandboxAnswer => ({
  status: 200,
  json: {
    access_token: pair.access,
    scope,
    expires_in: oauth.accessTokenSeconds,
    refresh_token: pair.refreshToken,
    refresh_token_expires_in: oauth.refreshTokenSeconds,
  },
});

/** The old refresh token goes on working until the pair that replaced it has been used. */
const refresh = (state: ShopifyState, { given, scope }: { given: string; scope: string }): SandboxAnswer => {
  const { database, clock } = state;
  const row = database
    .statement('SELECT access FROM tokens WHERE refresh = ? AND refresh_ends > ?')
    .get(given, clock.now());
  const replaced = database.statement('SELECT 1 FROM tokens WHERE replaces = ? AND used = 1').get(given);
  if (row === undefined || replaced !== undefined) return refused(400, 'invalid_grant');
  return pairAnswer(state, { pair: issuePair(state, given), scope });
};

/** Whether a token is one of ours and has not ended; notes that its pair is in use. */
export const isValidToken = ({ settings, database, clock }: ShopifyState, token: string): boolean => {
  if (settings.accessTokens.includes(token)) return true;
  const row = database.statement('SELECT refresh FROM tokens WHERE access = ? AND ends > ?').get(token, clock.now());
  if (row === undefined) return false;
  if (row.refresh !== null) database.statement('UPDATE tokens SET used = 1 WHERE access = ?').run(token);
  return true;
};
