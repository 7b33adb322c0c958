import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { CallObserver } from '../src/index.ts';
import { type ObservedCall, type OpenTelemetryOptions, openTelemetry } from '../src/telemetry/index.ts';
import { canary, connect } from './support/connection.ts';
import { json, serve } from './support/server.ts';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

/** An observer over SDKs that keep in memory what they export. */
const observed = async (options: OpenTelemetryOptions = {}) => {
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const meters = new MeterProvider({ readers: [reader] });
  onTestFinished(async () => {
    await provider.shutdown();
    await meters.shutdown();
  });
  const tracer = provider.getTracer('test');
  const observer = await openTelemetry({ tracer, meter: meters.getMeter('test'), ...options });
  const finished = () =>
    spans.getFinishedSpans().map(({ name, kind, attributes, status }) => ({ name, kind, attributes, status }));
  const histogram = async (): Promise<HistogramMetricData | undefined> => {
    await meters.forceFlush();
    const all = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    // The only instrument there is, is a histogram.
    return all.at(-1) as HistogramMetricData | undefined;
  };
  return { observer, spans, finished, histogram, tracer };
};

const callTo = (origin: string, parts: Partial<ObservedCall> = {}): ObservedCall => {
  const { hostname, port } = new URL(origin);
  return {
    ...{ connector: 'acme', connection: 'acme-eu', operation: 'things.get', method: 'GET', template: '/things/{id}' },
    ...{ scheme: 'http', host: hostname, port: Number(port) },
    ...parts,
  };
};

/** One call over the call road, of a record whose id is 4711. */
const get = (origin: string, observer: CallObserver) =>
  connect(origin, { id: 'acme-eu', observer }).send({
    ...{ method: 'GET', path: 'things/{id}', parameters: { id: '4711' }, query: { q: canary } },
  });

test('a call is a span of its operation, and each request in it a CLIENT span by the HTTP conventions', async () => {
  const { origin } = await serve((response, _request, number) => json(response, {}, number === 0 ? 503 : 200));
  const { observer, finished } = await observed();
  await get(origin, observer);
  const shared = {
    ...{ 'http.request.method': 'GET', 'url.template': '/things/{id}', 'url.scheme': 'http' },
    ...{ 'server.address': '127.0.0.1', 'server.port': Number(new URL(origin).port) },
  };
  expect(finished()).toEqual([
    {
      name: 'GET /things/{id}',
      kind: SpanKind.CLIENT,
      attributes: { ...shared, 'http.response.status_code': 503, 'error.type': '503' },
      status: { code: SpanStatusCode.ERROR },
    },
    {
      name: 'GET /things/{id}',
      kind: SpanKind.CLIENT,
      attributes: { ...shared, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
      status: { code: SpanStatusCode.UNSET },
    },
    {
      name: 'acme things.get',
      kind: SpanKind.INTERNAL,
      attributes: {
        'mortise.connector': 'acme',
        'mortise.connection': 'acme-eu',
        'mortise.operation': 'things.get',
      },
      status: { code: SpanStatusCode.UNSET },
    },
  ]);
});

test('the server receives the traceparent of the very request, in the trace of the caller', async () => {
  const { origin, requests } = await serve((response, _request, number) =>
    json(response, {}, number === 0 ? 503 : 200),
  );
  const { observer, spans, tracer } = await observed();
  const caller = tracer.startSpan('caller', {}, ROOT_CONTEXT);
  await context.with(trace.setSpan(context.active(), caller), async () => {
    await Promise.resolve();
    await get(origin, observer);
  });
  caller.end();
  const { traceId, spanId } = caller.spanContext();
  const [first, second, call] = spans.getFinishedSpans();
  expect(call?.parentSpanContext?.spanId).toBe(spanId);
  for (const request of [first, second]) {
    expect(request?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  }
  expect(requests.map(({ headers }) => headers.traceparent)).toEqual(
    [first, second].map((span) => `00-${traceId}-${span?.spanContext().spanId}-01`),
  );
});

test('the vendor is told nothing of the trace where the host does not want it', async () => {
  const { origin, requests } = await serve((response) => json(response, {}));
  const { observer, finished } = await observed({ propagate: false });
  await get(origin, observer);
  expect(requests[0]?.headers.traceparent).toBeUndefined();
  expect(finished()).toHaveLength(2);
});

test('requests are measured in seconds, in the buckets that the conventions advise', async () => {
  const { origin } = await serve((response) => json(response, {}));
  let now = 0;
  const { observer, histogram } = await observed({ clock: { monotonic: () => now } });
  const run = observer.start(callTo(origin));
  const attempt = run.attempt(0);
  now = 240;
  attempt.end({ status: 200 });
  run.end({ status: 200 });
  const metric = await histogram();
  expect(metric?.descriptor).toMatchObject({ name: 'http.client.request.duration', unit: 's' });
  const [point] = metric?.dataPoints ?? [];
  expect(point?.value.sum).toBeCloseTo(0.24);
  expect(point?.value.buckets.boundaries).toEqual([
    ...[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  ]);
  expect(point?.attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 200 });
});

test('a call that never got an answer has the code of its failure as error.type, and no status', async () => {
  const { observer, finished } = await observed();
  const run = observer.start(callTo('http://127.0.0.1:1'));
  run.attempt(0).end({ code: 'unreachable' });
  run.end({ code: 'unreachable' });
  const [request, call] = finished();
  expect(request?.attributes['error.type']).toBe('unreachable');
  expect(request?.attributes).not.toHaveProperty('http.response.status_code');
  expect(call).toMatchObject({ attributes: { 'error.type': 'unreachable' }, status: { code: SpanStatusCode.ERROR } });
});

test('a method of the vendor is no name without bound', async () => {
  const { observer, finished } = await observed();
  const run = observer.start(callTo('http://127.0.0.1:1', { method: 'PURGE-4711' }));
  run.attempt(0).end({ status: 200 });
  run.end({ status: 200 });
  expect(finished()[0]).toMatchObject({
    name: 'HTTP /things/{id}',
    attributes: { 'http.request.method': '_OTHER' },
  });
});

test('no path, query, header or id is in any span or metric', async () => {
  const { origin } = await serve((response) => json(response, {}));
  const { observer, spans, histogram } = await observed();
  await get(origin, observer);
  const exported = JSON.stringify([
    spans.getFinishedSpans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    await histogram(),
  ]);
  expect(exported).not.toMatch(/4711/);
  expect(exported).not.toContain(canary);
});
