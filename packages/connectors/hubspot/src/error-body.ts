import type { Failure } from '@mortise/runtime';
import type { JsonAnswer, RestOptions } from '@mortise/runtime/rest';
import { z } from 'zod';
import { apiVersion } from './vendor-facts.ts';

const ErrorBody = z.object({
  category: z.string().optional(),
  errorType: z.string().optional(),
  policyName: z.string().optional(),
  correlationId: z.string().optional(),
  errors: z
    .array(z.object({ context: z.object({ requiredGranularScopes: z.array(z.string()).optional() }).optional() }))
    .optional(),
});
type ErrorBody = z.output<typeof ErrorBody>;

// Only what looks like a name passes into errors: HubSpot's messages quote the values that it refused.
const nameForm = /^[\w.:-]{1,80}$/;

/** The text itself where it is a name and nothing else. */
export const plainName = (text: unknown): string | undefined =>
  typeof text === 'string' && nameForm.test(text) ? text : undefined;

const dayMs = 86_400_000;
const unstatedPolicyMs = 10_000;
const shortestLockMs = 2_000;
const shortestMigrationMs = 10_000;

// HubSpot resets at midnight of the account's own time zone, which no answer tells: UTC stands in for it.
const untilMidnight = (nowMs: number): number => dayMs - (nowMs % dayMs);

const policyWait = (policy: string | undefined, nowMs: number): number => {
  if (policy === 'DAILY') return untilMidnight(nowMs);
  if (policy === 'SECONDLY') return 1_000;
  return unstatedPolicyMs;
};

const retryAfterMs = ({ headers }: JsonAnswer): number | undefined => {
  const text = headers['retry-after'];
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : undefined;
};

const rateLimited = (
  answer: JsonAnswer,
  { policy, failure, nowMs }: { policy: string | undefined; failure: Failure; nowMs: number },
): Failure => {
  const dayIsOver = answer.headers['x-hubspot-ratelimit-daily-remaining'] === '0';
  const known = policy ?? (dayIsOver ? 'DAILY' : undefined);
  return { ...failure, waitMs: failure.waitMs ?? policyWait(known, nowMs), reach: 'refused' };
};

/** HubSpot names the scopes that a token lacks: names alone, so they may be shown. */
const missingScopes = ({ errors = [] }: ErrorBody): readonly string[] | undefined => {
  const scopes = errors
    .flatMap(({ context }) => context?.requiredGranularScopes ?? [])
    .flatMap((scope) => plainName(scope) ?? []);
  return scopes.length === 0 ? undefined : [...new Set(scopes)];
};

const closedForm = /(PORTAL|ACCOUNT|HUB)\w*_(DEACTIVATED|SUSPENDED|INACTIVE|CLOSED|DELETED)/;

/** What is wrong with the account or the version, each with what a person does about it; undefined for all else. */
const standing = ({ status }: JsonAnswer, body: ErrorBody): Pick<Failure, 'code' | 'message'> | undefined => {
  const category = plainName(body.category) ?? '';
  if (closedForm.test(category)) {
    const message = 'HubSpot answers that the account is closed: its owner opens it again, or connect another account';
    return { code: 'unauthenticated', message };
  }
  // A missing record has HubSpot's error body; a path that is no more has not.
  if (status === 410 || (status === 404 && body.correlationId === undefined && body.category === undefined)) {
    const message = `HubSpot no longer answers version ${apiVersion} of its API: install a newer version of the connector`;
    return { code: 'schema-drift', message };
  }
  if (status !== 401) return undefined;
  const message = 'HubSpot does not take the token: give a valid service key, or connect the account again';
  return { code: 'unauthenticated', message };
};

/** Reads HubSpot's error body; the status has been judged already. */
export const classify: NonNullable<RestOptions['classify']> = (answer, failure, { nowMs }) => {
  if (failure === undefined) return undefined;
  const parsed = ErrorBody.safeParse(answer.body);
  const body: ErrorBody = parsed.success ? parsed.data : {};
  const policy = plainName(body.policyName);
  const described: Failure = {
    ...failure,
    message: `HubSpot answered ${answer.status}`,
    permissions: missingScopes(body),
    vendorCode: policy ?? plainName(body.category) ?? plainName(body.errorType),
    requestId: plainName(body.correlationId) ?? failure.requestId,
  };
  switch (answer.status) {
    case 429:
      return rateLimited(answer, { policy, failure: described, nowMs });
    case 423:
      return { ...described, waitMs: Math.max(shortestLockMs, failure.waitMs ?? 0), reach: 'refused' };
    case 477: {
      // The account is being moved to another data centre: HubSpot's own status, and nothing was done.
      const waitMs = retryAfterMs(answer) ?? shortestMigrationMs;
      return { ...described, code: 'unavailable', waitMs, reach: 'refused' };
    }
    default:
      return { ...described, ...standing(answer, body) };
  }
};
