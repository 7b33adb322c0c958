import { errorCodes } from '../errors/codes.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../errors/connector-error.ts';
import type { Clock } from './clock.ts';
import type { LastValueStore } from './last-values.ts';

/** What a read answers when the vendor cannot: the last good answer, or a value given here. */
export type Fallback<Value> = 'stale' | { readonly default: Value };

/** A read's answer, and where it is from. */
export interface FallbackAnswer<Value> {
  readonly value: Value;
  readonly source: 'live' | 'stale' | 'default';
  /** Age of a stale answer, milliseconds. */
  readonly ageMs?: number;
}

/** A read that may be answered otherwise. */
export interface FallbackRead {
  readonly fallback: Fallback<unknown>;
  /** An older answer is no fallback, milliseconds; any age is unless given. */
  readonly maxAgeMs?: number | undefined;
  readonly connection: string;
  /** Operation and argument: the last good answer is kept under it. */
  readonly key: string;
  readonly lastValues: LastValueStore | undefined;
  readonly clock: Clock;
  /** Told of an answer that is not live. */
  readonly tell: (answer: FallbackAnswer<unknown>, error: ConnectorError) => void;
}

/** Whether another answer may stand in: only where the vendor may well answer later. */
const isPassing = (error: unknown): error is ConnectorError => {
  if (!isConnectorError(error)) return false;
  // Another copy of this package may be newer and know more codes.
  const retry = errorCodes[error.code]?.retry;
  return retry === 'always' || retry === 'when-repeatable';
};

/**
 * Runs a read and answers otherwise where it fails for a time.
 * @throws ConnectorError of the read, where its failure is no passing one or there is nothing to fall back on;
 * `invalid-settings` for `stale` without a store that keeps last values.
 */
export const withFallback = async (
  read: FallbackRead,
  run: () => Promise<unknown>,
): Promise<FallbackAnswer<unknown>> => {
  const { fallback, connection, key, lastValues, clock } = read;
  if (fallback === 'stale' && lastValues === undefined) {
    const advice = 'open the connection with a store that keeps last values, or give { fallback: { default: … } }';
    throw connectorError('invalid-settings', `connection ${connection} has no last values to fall back on: ${advice}`);
  }
  try {
    const value = await run();
    // A store that is busy must not spoil an answer that is there.
    if (fallback === 'stale')
      await lastValues?.save(connection, key, { value, at: clock.now() }).catch(() => undefined);
    return { value, source: 'live' };
  } catch (error) {
    const answer = isPassing(error) ? await otherAnswer(read) : undefined;
    if (answer === undefined) throw error;
    if (isPassing(error)) read.tell(answer, error);
    return answer;
  }
};

const otherAnswer = async ({
  fallback,
  maxAgeMs = Number.POSITIVE_INFINITY,
  connection,
  key,
  lastValues,
  clock,
}: FallbackRead): Promise<FallbackAnswer<unknown> | undefined> => {
  if (fallback !== 'stale') return { value: fallback.default, source: 'default' };
  // The vendor's error says more than that of a store which cannot be read.
  const last = await lastValues?.read(connection, key).catch(() => undefined);
  if (last === undefined) return undefined;
  const ageMs = Math.max(0, clock.now() - last.at);
  return ageMs > maxAgeMs ? undefined : { value: last.value ?? undefined, source: 'stale', ageMs };
};
