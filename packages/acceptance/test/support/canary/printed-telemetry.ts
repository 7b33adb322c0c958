import type { Meter, Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** Spans and metrics kept in memory, and all of their content as text. */
export const printedTelemetry = (): { tracer: Tracer; meter: Meter; printed: () => Promise<string> } => {
  const spans = new InMemorySpanExporter();
  const tracing = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics });
  const metering = new MeterProvider({ readers: [reader] });
  const spanTexts = () =>
    spans
      .getFinishedSpans()
      .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
  return {
    tracer: tracing.getTracer('canary'),
    meter: metering.getMeter('canary'),
    printed: async () => {
      await metering.forceFlush();
      const made = { spans: spanTexts(), metrics: metrics.getMetrics().map(({ scopeMetrics }) => scopeMetrics) };
      return JSON.stringify(made);
    },
  };
};
