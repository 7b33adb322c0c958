import type { EventSink } from './events.ts';
import { emit } from './sink.ts';

/**
 * One sink that hands every event to several, in order. One that fails keeps no event from the others.
 * @example
 * ```ts
 * import { errorLines, type RuntimeEvent } from '@mortise/runtime';
 * import { fanOut } from '@mortise/runtime/telemetry';
 * const waits: RuntimeEvent[] = [];
 * export const events = fanOut(errorLines, (event) => void (event.type === 'quota-waited' && waits.push(event)));
 * ```
 */
export const fanOut =
  (...sinks: readonly EventSink[]): EventSink =>
  (event) => {
    for (const sink of sinks) emit(sink, event);
  };
