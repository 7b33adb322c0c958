import { type ConnectorError, toConnectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import { redactedError } from '../errors/redacted-error.ts';
import type { CallFacts, RuntimeEvent } from '../telemetry/events.ts';
import { emit, hears } from '../telemetry/sink.ts';
import type { BreakerChange } from './breaker.ts';
import type { CallDescription, CallRoad } from './call-road.ts';
import { endObserving } from './observation.ts';
import type { Progress } from './progress.ts';

const callFacts = ({ connector, connection }: CallRoad, call: CallDescription): CallFacts => ({
  connector,
  connection,
  operation: call.operation,
  method: call.method,
  template: call.template,
});

/** What a kind of event has besides the facts that all of them share. */
type OwnFacts<Type extends RuntimeEvent['type']> = Omit<
  Extract<RuntimeEvent, { type: Type }>,
  keyof CallFacts | 'type' | 'at'
>;

/** Tells of a wait for the quota. */
export const reportQuotaWait = (road: CallRoad, { call }: Progress, own: OwnFacts<'quota-waited'>): void =>
  emit(road.events, { type: 'quota-waited', at: road.clock.now(), ...callFacts(road, call), ...own });

/** Tells that credentials were renewed. */
export const reportRenewal = (road: CallRoad, { call }: Progress): void =>
  emit(road.events, { type: 'credentials-renewed', at: road.clock.now(), ...callFacts(road, call) });

/** What is told of an attempt. */
type Attempted = Pick<Progress, 'call' | 'attempts'>;

/** Tells of an attempt that failed and will be repeated. */
export const reportAttempt = (road: CallRoad, progress: Attempted, own: { failure: Failure; waitMs: number }): void => {
  const { code, status } = own.failure;
  // A vendor's id of the request may quote the credentials that came with it.
  const requestId = own.failure.requestId && road.redact(own.failure.requestId);
  const facts = { ...callFacts(road, progress.call), attempt: progress.attempts, code, status, requestId };
  emit(road.events, { type: 'attempt-failed', at: road.clock.now(), ...facts, waitMs: own.waitMs });
};

/** Tells of a call that was done. */
export const reportSuccess = (road: CallRoad, progress: Progress): void => {
  endObserving(progress.observed, { status: progress.status });
  if (!hears(road.events, 'call-succeeded')) return;
  const { call, attempts, startedAt } = progress;
  const durationMs = road.clock.monotonic() - startedAt;
  emit(road.events, { type: 'call-succeeded', at: road.clock.now(), ...callFacts(road, call), attempts, durationMs });
};

/** Completes the error with what is known about the call, tells of it, and hands it back to be thrown. */
export const reportFailure = (
  road: CallRoad,
  progress: Progress,
  { thrown }: { readonly thrown: unknown },
): ConnectorError => {
  const { call, attempts, startedAt, observed } = progress;
  const facts = { ...callFacts(road, call), attempts };
  const error = redactedError(toConnectorError(thrown, facts), road.redact);
  const { code, message, status, vendorCode, requestId, resumeAt } = error;
  endObserving(observed, { code, status });
  if (code === 'cancelled') return error;
  const durationMs = road.clock.monotonic() - startedAt;
  const known = { code, message, status, vendorCode, requestId, resumeAt };
  emit(road.events, { type: 'call-failed', at: road.clock.now(), ...facts, durationMs, ...known });
  return error;
};

/** Tells that a breaker has changed. */
export const reportBreaker = (
  { events, clock, connector, connection }: Pick<CallRoad, 'events' | 'clock' | 'connector' | 'connection'>,
  { state, forMs }: BreakerChange,
): void => {
  const at = clock.now();
  emit(events, { type: 'breaker-changed', at, connector, connection, state, until: forMs && at + forMs });
};
