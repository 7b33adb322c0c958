import type { AuthHeaders } from '../../auth/auth.ts';
import { type ErrorCodeEntry, errorCodes } from '../../errors/codes.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../../errors/connector-error.ts';
import type { Failure } from '../../errors/failure.ts';
import { backoff } from '../../resilience/backoff.ts';
import type { CallRoad } from '../../resilience/call-road.ts';
import { sleep } from '../../resilience/clock.ts';
import { unstatedThrottleMs } from '../../resilience/retry-after.ts';
import type { CallFacts } from '../../telemetry/events.ts';
import { emit } from '../../telemetry/sink.ts';
import { type ConnectionEnd, lost } from './connection-end.ts';

/** Where a subscription stands. */
export interface Standing {
  /** Connections in a row that did not hold. */
  attempts: number;
  /** Credentials were renewed, and no connection has held since. */
  renewed: boolean;
  /** What the last connection was authenticated with. */
  auth: AuthHeaders;
}

/** What recovery works on. */
export interface RecoveryParts {
  readonly road: CallRoad;
  readonly facts: CallFacts;
  readonly standing: Standing;
  readonly attempts: number;
  readonly signal: AbortSignal | undefined;
}

const retryRule = (code: string): ErrorCodeEntry['retry'] =>
  // Another copy of this package may be newer and know more codes.
  Object.entries(errorCodes).find(([known]) => known === code)?.[1].retry ?? 'never';

const errorOf = (
  { code, message, reach: _reach, renew: _renew, waitMs: _waitMs, ...details }: Failure,
  more: { readonly attempts: number; readonly resumeAt?: number },
): ConnectorError => connectorError(code, message, { ...details, ...more });

/** A call that failed while a subscription was set up or caught up: the subscription goes on where a repeat may help. */
export const endOf = (thrown: unknown): ConnectionEnd => {
  if (!isConnectorError(thrown) || retryRule(thrown.code) === 'never' || thrown.resumeAt !== undefined) throw thrown;
  const { code, message, status, vendorCode, requestId, cause } = thrown;
  return lost({ code, message, status, vendorCode, requestId, cause });
};

const waitFor = ({ road, standing }: RecoveryParts, failure: Failure): number => {
  const own = backoff(standing.attempts, { ...road.limits, random: road.random });
  if (failure.code !== 'rate-limited' && failure.waitMs === undefined) return own;
  return Math.max(own, (failure.waitMs ?? unstatedThrottleMs) + Math.round(own / 10));
};

const renewed = async ({ road, facts, standing }: RecoveryParts, failure: Failure): Promise<boolean> => {
  if (failure.renew !== true || standing.renewed || road.auth.renew === undefined) return false;
  standing.renewed = true;
  await road.auth.renew(standing.auth);
  emit(road.events, { type: 'credentials-renewed', at: road.clock.now(), ...facts });
  return true;
};

/**
 * Makes ready for the next connection: renews credentials that were refused, or waits with back-off.
 * @throws ConnectorError where another connection cannot help, or too many in a row did not hold; `cancelled`.
 */
export const recover = async (parts: RecoveryParts, { failure, retry }: ConnectionEnd): Promise<void> => {
  const { road, facts, standing, signal } = parts;
  if (failure === undefined) return;
  if (await renewed(parts, failure)) return;
  standing.attempts += 1;
  const { attempts } = standing;
  if (!retry || retryRule(failure.code) === 'never' || attempts >= parts.attempts) throw errorOf(failure, { attempts });
  const waitMs = waitFor(parts, failure);
  if (waitMs > road.limits.longestWaitMs) {
    throw errorOf(failure, { attempts, resumeAt: Math.ceil(road.clock.now() + waitMs) });
  }
  const { code, vendorCode } = failure;
  emit(road.events, {
    type: 'subscription-lost',
    at: road.clock.now(),
    ...facts,
    attempt: attempts,
    ...{ code, vendorCode, waitMs },
  });
  await sleep(road.clock, waitMs, signal);
};
