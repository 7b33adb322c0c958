import { randomUUID } from 'node:crypto';
import type { SandboxAnswer } from '@mortise/testing';
import type { HubSpotState } from '../types.ts';
import type { LimitName } from './limits.ts';

const words: Record<LimitName, string> = {
  TEN_SECONDLY_ROLLING: 'ten_secondly_rolling',
  SECONDLY: 'secondly',
  DAILY: 'daily',
};

/** The vendor's 429: three bodies, and no Retry-After on any. */
export function limitAnswer(limit: LimitName, state: HubSpotState): SandboxAnswer {
  const body = {
    status: 'error',
    message: `You have reached your ${words[limit]} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    policyName: limit,
  };
  const group = `publicapi:private_app-api-calls-ten-secondly:${state.settings.portalId}:1`;
  if (limit === 'TEN_SECONDLY_ROLLING') return { status: 429, json: { ...body, groupName: group } };
  if (limit === 'DAILY') return { status: 429, json: { ...body, requestId: randomUUID() } };
  return { status: 429, json: body };
}

/** The rate-limit headers of every answer but a search's; the daily pair is absent for OAuth tokens. */
export function limitHeaders(state: HubSpotState, { oauth }: { oauth: boolean }): Record<string, string> {
  const { settings, limits } = state;
  const left = limits.remaining(state.clock.now());
  const headers = {
    'X-HubSpot-RateLimit-Max': String(settings.requestsPerTenSeconds),
    'X-HubSpot-RateLimit-Remaining': String(left.tenSeconds),
    'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
    // Legacy pair: the vendor still sends it and no longer enforces it.
    'X-HubSpot-RateLimit-Secondly': String(Math.ceil(settings.requestsPerTenSeconds / 10)),
    'X-HubSpot-RateLimit-Secondly-Remaining': String(Math.ceil(left.tenSeconds / 10)),
  };
  if (oauth) return headers;
  return {
    ...headers,
    'X-HubSpot-RateLimit-Daily': String(settings.requestsPerDay),
    'X-HubSpot-RateLimit-Daily-Remaining': String(left.day),
  };
}
