import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { errorAnswer, statusAnswer } from './graphql/failure.ts';
import { isAccessToken } from './oauth/tokens.ts';
import type { Context, ShopifyState } from './types.ts';

const isApi = (request: SandboxRequest): boolean => request.path.startsWith('/admin/api/');

function accountAnswer({ settings }: ShopifyState): SandboxAnswer | undefined {
  if (settings.account === 'frozen') return statusAnswer(402, 'Unavailable Shop');
  if (settings.account === 'locked') return statusAnswer(423, 'This shop is locked');
  if (settings.account === 'inactive') return errorAnswer('The shop is not active.', 'SHOP_INACTIVE');
  return undefined;
}

/** Answers a request that gets no further: of a closed shop, or without a token that is taken. */
export function refusedAdmission(request: SandboxRequest, { state }: Context): SandboxAnswer | undefined {
  if (!isApi(request)) return undefined;
  const token = request.headers['x-shopify-access-token'];
  if (typeof token !== 'string' || !isAccessToken(state, token)) {
    return statusAnswer(401, '[API] Invalid API key or access token (unrecognized login or wrong password)');
  }
  return accountAnswer(state);
}

/** The version that a request is answered in: a retired or unknown one falls forward to the oldest. */
export function servedVersion({ settings }: ShopifyState, asked: string | undefined): string {
  const [oldest = ''] = settings.supportedVersions;
  return settings.supportedVersions.find((version) => version === asked) ?? oldest;
}

/** Adds the header by which a client sees which version answered. */
export function withVersion(answer: SandboxAnswer, request: SandboxRequest, { state }: Context): SandboxAnswer {
  if (!isApi(request)) return answer;
  return {
    ...answer,
    headers: { 'x-shopify-api-version': servedVersion(state, request.params.version), ...answer.headers },
  };
}
