import { type Clock, systemClock } from '../resilience/clock.ts';
import type { EventSink, RuntimeEvent } from './events.ts';
import { countDuration, emptyHistogram } from './histogram.ts';
import type { MetricsStore } from './metrics-store.ts';
import { addedMetrics } from './metrics-summary.ts';

/** Records the response times and errors of calls. */
export interface MetricsRecorder {
  /** Counts finished calls; takes every event. */
  readonly sink: EventSink;
  /** Writes what was counted so far. Never rejects: what the store does not take is added to the next minute. */
  readonly flush: () => Promise<void>;
  /** Writes the rest and stops. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Rows held before they are written early: connections times path templates times minutes. */
const mostRows = 2_000;

const minuteMs = 60_000;

type Counted = Extract<RuntimeEvent, { type: 'call-succeeded' | 'call-failed' }>;

interface Row {
  readonly connection: string;
  readonly template: string;
  readonly minute: number;
  calls: number;
  errors: Record<string, number>;
  histogram: number[];
}

const isCounted = (event: RuntimeEvent): event is Counted =>
  event.type === 'call-succeeded' || event.type === 'call-failed';

const keyOf = ({ connection, template, minute }: Pick<Row, 'connection' | 'template' | 'minute'>): string =>
  `${minute}\n${connection}\n${template}`;

const count = (rows: Map<string, Row>, event: Counted): void => {
  const { connection, template } = event;
  const place = { connection, template, minute: Math.floor(event.at / minuteMs) * minuteMs };
  const key = keyOf(place);
  let row = rows.get(key);
  if (row === undefined) {
    row = { ...place, calls: 0, errors: {}, histogram: emptyHistogram() };
    rows.set(key, row);
  }
  row.calls += 1;
  countDuration(row.histogram, event.durationMs);
  if (event.type === 'call-failed') row.errors[event.code] = (row.errors[event.code] ?? 0) + 1;
};

/**
 * Records calls in buckets of a minute and writes them to the store once a minute. Its timer keeps no process alive:
 * close it before the process ends, or the last minute is lost. It never rejects and never throws. `openStore` of `@mortise/store` has one of its own.
 * @example
 * ```ts
 * import type { MetricsStore } from '@mortise/runtime';
 * import { metricsRecorder } from '@mortise/runtime/telemetry';
 * export const recorderOf = (store: MetricsStore) => metricsRecorder({ store });
 * ```
 */
export const metricsRecorder = ({
  store,
  clock = systemClock,
}: {
  readonly store: Pick<MetricsStore, 'add'>;
  readonly clock?: Clock;
}): MetricsRecorder => {
  let rows = new Map<string, Row>();
  let writing: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let isClosed = false;

  const write = async (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (rows.size === 0) return;
    const taken = rows;
    rows = new Map();
    try {
      await store.add([...taken.values()]);
    } catch {
      // Calls go on without a store. What it did not take is kept for the next minute, as far as there is room.
      for (const [key, row] of taken) {
        const newer = rows.get(key);
        if (newer !== undefined) rows.set(key, addedMetrics(newer, row));
        else if (rows.size < mostRows / 2) rows.set(key, row);
      }
    }
  };
  const flush = async (): Promise<void> => {
    // One write at a time; what came during the one under way needs another.
    await writing;
    writing ??= write().finally(() => {
      writing = undefined;
    });
    await writing;
  };
  const arm = () => {
    if (isClosed || cancelTimer !== undefined) return;
    cancelTimer = clock.schedule(() => void flush(), minuteMs, { keepsAlive: false });
  };
  return {
    sink: (event) => {
      if (!isCounted(event)) return;
      // A store that does not keep up costs counts, not memory.
      if (rows.size >= mostRows && writing !== undefined) return;
      count(rows, event);
      if (rows.size >= mostRows) void flush();
      else arm();
    },
    flush,
    close: () => {
      isClosed = true;
      return flush();
    },
  };
};
