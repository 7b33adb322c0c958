export { type EventStream, eventStream } from './event-stream.ts';
export type { CallFacts, EventSink, RuntimeEvent } from './events.ts';
export { fanOut } from './fan-out.ts';
export { histogramBounds, quantile } from './histogram.ts';
export { type MetricsRecorder, metricsRecorder } from './metrics-recorder.ts';
export type { MetricsQuery, MetricsStore, MinuteMetrics } from './metrics-store.ts';
export { addedMetrics, type CallSummary, callSummaries } from './metrics-summary.ts';
export type { CallObserver, ObservedAttempt, ObservedCall, ObservedEnd, ObservedRun } from './observer.ts';
export { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.ts';
