import type { ObservedAttempt, ObservedEnd, ObservedRun } from '../telemetry/observer.ts';
import type { CallDescription, CallRoad } from './call-road.ts';

/** What an observer does must not break the call that it watches. */
const safely = <Value>(run: () => Value): Value | undefined => {
  try {
    return run();
  } catch {
    return undefined;
  }
};

const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Tells the observer of a connection, where it has one, that a call starts. */
export const startObserving = (road: CallRoad, call: CallDescription): ObservedRun | undefined => {
  const { observer, connector, connection } = road;
  if (observer === undefined) return undefined;
  const { operation, method, template, url } = call;
  const { protocol, hostname, port } = url;
  const place = { scheme: protocol.slice(0, -1), host: hostname, port: Number(port) || (defaultPorts[protocol] ?? 0) };
  return safely(() => observer.start({ connector, connection, operation, method, template, ...place }));
};

/** Tells of an attempt. */
export const observeAttempt = (run: ObservedRun | undefined, resend: number): ObservedAttempt | undefined =>
  run && safely(() => run.attempt(resend));

/** Tells how an attempt or a call ended. */
export const endObserving = (
  observed: { readonly end: (end: ObservedEnd) => void } | undefined,
  end: ObservedEnd,
): void => {
  if (observed !== undefined) safely(() => observed.end(end));
};
