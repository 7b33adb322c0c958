import { type FallbackAnswer, type FallbackRead, withFallback } from '../resilience/fallback.ts';
import { emit } from '../telemetry/sink.ts';
import type { OperationPlace, ReadOptions } from './wire-operations.ts';

/** A read of one record that may be answered otherwise. */
export interface FallbackPlace extends OperationPlace {
  /** What the read was asked: its last good answer is kept under it. */
  readonly argument: string;
  readonly options: ReadOptions;
}

/**
 * Runs a read, answers otherwise where it fails for a time, and says so.
 * @throws ConnectorError of the read; `invalid-settings` for `stale` without a store that keeps last values.
 */
export const fallbackRead = (
  { binding, operation, argument, options }: FallbackPlace,
  read: () => Promise<unknown>,
): Promise<FallbackAnswer<unknown>> => {
  const { connector, connection, clock, events, lastValues, name } = binding;
  const { fallback = 'stale', maxAgeMs } = options;
  const facts = { connector, connection, operation: `${name}.${operation}` };
  const tell: FallbackRead['tell'] = ({ source, ageMs }, { code }) => {
    if (source !== 'live') emit(events, { type: 'fallback-used', at: clock.now(), ...facts, source, code, ageMs });
  };
  const key = `${facts.operation}\n${argument}`;
  return withFallback({ fallback, maxAgeMs, connection, key, lastValues, clock, tell }, read);
};
