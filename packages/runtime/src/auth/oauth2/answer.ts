import type { Failure } from '../../errors/failure.ts';
import type { Judged } from '../../http/exchange.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import type { HttpAnswer } from '../../http/fetch.ts';
import { lifetimeSeconds } from './token.ts';

/** Errors of a token endpoint that pass: RFC 6749 has them for authorization, vendors use them here too. */
const passing = new Set(['temporarily_unavailable', 'server_error']);

const parsedObject = (bytes: Buffer): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Scopes come as a text, as a list, or under `scopes`. */
const scopeOf = ({ scope, scopes }: Record<string, unknown>): string | undefined => {
  const given = scope ?? scopes;
  return Array.isArray(given) ? given.join(' ') : textOf(given);
};

/**
 * The fields of an answer that are looked at, as the RFC has them: vendors leave `token_type` out (Shopify), send
 * `expires_in` as text, as 0 or below, and null for what is not there. ID tokens are left out: nobody reads them.
 */
const fieldsOf = (body: Record<string, unknown>): Record<string, unknown> => ({
  access_token: textOf(body.access_token),
  token_type: textOf(body.token_type) ?? 'Bearer',
  expires_in: lifetimeSeconds(body.expires_in),
  refresh_token: textOf(body.refresh_token),
  scope: scopeOf(body),
  error: textOf(body.error),
});

/** Statuses that a Response with a body may not have: it throws. */
const isBodiless = (status: number): boolean => status < 200 || status === 204 || status === 205 || status === 304;

/** The answer of a token endpoint, as the OAuth library reads it; what is worth a repeat is a failure here. */
export const judgeAnswer = (answer: HttpAnswer, nowMs: number): Judged<Response> => {
  const { status, headers, bytes } = answer;
  const failure = statusFailure(answer, nowMs);
  const body = parsedObject(bytes);
  if (failure?.code === 'rate-limited' || failure?.code === 'unavailable') return { ok: false, failure };
  const error = textOf(body?.error);
  if (error !== undefined && passing.has(error)) return refused(answer, { code: 'unavailable', vendorCode: error });
  if (body === undefined || isBodiless(status) || (failure !== undefined && error === undefined)) {
    // HubSpot refuses a refresh token with 400 and an error form of its own: any refusal counts as one of the grant.
    const code = status === 400 || status === 401 ? 'unauthenticated' : 'unexpected-content';
    return refused(answer, { code, vendorCode: ownCodeOf(body) });
  }
  const init = { status, headers: { 'content-type': 'application/json', ...requestIdHeader(headers) } };
  return { ok: true, value: new Response(JSON.stringify(fieldsOf(body)), init) };
};

/** HubSpot names its errors under `status`, for instance `BAD_REFRESH_TOKEN`; nothing else is taken for a name. */
const ownCodeOf = (body: Record<string, unknown> | undefined): string | undefined => {
  const text = textOf(body?.status);
  return text !== undefined && /^[A-Z][A-Z_]{2,40}$/.test(text) ? text : undefined;
};

const requestIdHeader = (headers: HttpAnswer['headers']): Record<string, string> => {
  const requestId = requestIdOf(headers);
  return requestId === undefined ? {} : { 'x-request-id': requestId };
};

const refused = (
  { status, headers }: HttpAnswer,
  { code, vendorCode }: Pick<Failure, 'code' | 'vendorCode'>,
): Judged<Response> => {
  const message = `the token endpoint answered ${status}${vendorCode === undefined ? '' : ` (${vendorCode})`}`;
  return { ok: false, failure: { code, message, status, vendorCode, requestId: requestIdOf(headers) } };
};
