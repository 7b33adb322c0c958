import { isRecord, type Route, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { bulkPath } from './bulk/operations.ts';
import { answerGraphql } from './graphql/execute.ts';
import { answerToken, isValidToken } from './oauth/tokens.ts';
import type { Context, ShopifyState } from './state.ts';

const refused = (status: number, errors: string): SandboxAnswer => ({ status, json: { errors } });

/** What a shop says to everybody while it cannot be used. */
const closedAnswer = ({ settings }: ShopifyState): SandboxAnswer | undefined => {
  switch (settings.closed) {
    case 'payment-required':
      return refused(402, 'This shop is unavailable');
    case 'locked':
      return refused(423, 'This shop is currently locked');
    case 'inactive':
      return {
        status: 200,
        json: { errors: [{ message: 'Shop is inactive', extensions: { code: 'SHOP_INACTIVE' } }] },
      };
    default:
      return undefined;
  }
};

/** A version that has been retired is answered as the oldest that has not; the header says so. */
const servedVersion = ({ settings }: ShopifyState, asked: string): string =>
  asked < settings.oldestVersion ? settings.oldestVersion : asked;

const graphql = (request: SandboxRequest, context: Context): SandboxAnswer => {
  const { state } = context;
  const token = request.headers['x-shopify-access-token'];
  if (typeof token !== 'string' || !isValidToken(state, token)) {
    return refused(401, '[API] Invalid API key or access token (unrecognized login or wrong password)');
  }
  const closed = closedAnswer(state);
  if (closed !== undefined) return closed;
  const { body } = request;
  if (!isRecord(body) || typeof body.query !== 'string') return refused(400, 'query is missing');
  const json = answerGraphql(
    { state, at: request.at, noteWrite: context.noteWrite },
    {
      query: body.query,
      variables: isRecord(body.variables) ? body.variables : {},
      isDebugged: request.headers['shopify-graphql-cost-debug'] === '1',
      granted: state.settings.grantedScopes,
    },
  );
  return {
    status: 200,
    headers: { 'x-shopify-api-version': servedVersion(state, request.params.version ?? '') },
    json,
  };
};

const bulkFile = ({ params }: SandboxRequest, { state }: Context): SandboxAnswer => {
  const id = Number.parseInt(params.name ?? '', 10);
  const row = state.database.statement("SELECT file FROM bulk WHERE id = ? AND status = 'COMPLETED'").get(id);
  if (row === undefined) return { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' };
  return { status: 200, headers: { 'content-type': 'application/jsonl' }, text: String(row.file) };
};

/** All that the stand-in answers. */
export const routes: readonly Route<ShopifyState>[] = [
  { method: 'POST', path: '/admin/api/{version}/graphql.json', handle: graphql },
  { method: 'POST', path: '/admin/oauth/access_token', handle: answerToken },
  { method: 'GET', path: bulkPath.replace('{id}.jsonl', '{name}'), handle: bulkFile },
];
