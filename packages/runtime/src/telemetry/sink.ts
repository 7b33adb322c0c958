import type { EventSink, RuntimeEvent } from './events.ts';

const problems: ReadonlySet<RuntimeEvent['type']> = new Set([
  'call-failed',
  'subscription-failed',
  'insecure-host-allowed',
]);

/** The default sink: one line of JSON for each error and warning, on standard error, and nothing else. */
export const errorLines: EventSink = (event) => {
  if (problems.has(event.type)) process.stderr.write(`${JSON.stringify(event)}\n`);
};

/** Whether a sink does anything with events of a type: those that nobody hears are not even made. */
export const hears = (sink: EventSink, type: RuntimeEvent['type']): boolean =>
  sink !== errorLines || problems.has(type);

/** Hands an event to a sink and keeps the call alive when the sink fails. */
export const emit = (sink: EventSink, event: RuntimeEvent): void => {
  try {
    const returned: unknown = sink(event);
    // A sink may be an async function: its rejection would end the process.
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // A broken sink must not break the call that it reports on.
  }
};
