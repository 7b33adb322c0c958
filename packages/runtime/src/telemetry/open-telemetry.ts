import type { Attributes, Context, Histogram, Meter, Span, Tracer } from '@opentelemetry/api';
import { loadPeer } from '../errors/absent-peer.ts';
import { type Clock, systemClock } from '../resilience/clock.ts';
import type { CallObserver, ObservedAttempt, ObservedCall, ObservedEnd, ObservedRun } from './observer.ts';

/** What spans and metrics are made with. */
export interface OpenTelemetryOptions {
  /** The global tracer of the name `@mortise/runtime` unless given. */
  readonly tracer?: Tracer;
  /** The global meter of the name `@mortise/runtime` unless given. */
  readonly meter?: Meter;
  /** Whether the vendor is sent `traceparent`, so that its own spans can join the trace; true unless given. */
  readonly propagate?: boolean;
  /** For durations; the machine's own unless given. */
  readonly clock?: Pick<Clock, 'monotonic'>;
}

type Api = typeof import('@opentelemetry/api');

const instrumentation = '@mortise/runtime';

/** Bounds that the HTTP conventions advise, seconds. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Methods that the conventions know; any other is `_OTHER`, because a vendor's own would be a name without bound. */
const knownMethods = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE']);

/** What all spans of a call run on. */
interface Instruments {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly duration: Histogram;
  readonly propagate: boolean;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * Traces and measures calls by the HTTP client conventions of OpenTelemetry: for each call a span of its operation, in
 * it a CLIENT span for each request, and the histogram `http.client.request.duration` (seconds). The caller's active
 * span is the parent. Spans hold names, numbers and path templates; never a path, query, header, body, id or message.
 * `url.full` is left out for that reason. Needs the package `@opentelemetry/api`.
 * @throws ConnectorError `invalid-settings` when that package is not installed.
 * @example
 * ```ts
 * import { openTelemetry } from '@mortise/runtime/telemetry';
 * export const observer = await openTelemetry();
 * ```
 */
export const openTelemetry = async (options: OpenTelemetryOptions = {}): Promise<CallObserver> => {
  const peer = { name: '@opentelemetry/api', subpath: '/telemetry' };
  const api = await loadPeer(peer, () => import('@opentelemetry/api'));
  const meter = options.meter ?? api.metrics.getMeter(instrumentation);
  const instruments: Instruments = {
    api,
    tracer: options.tracer ?? api.trace.getTracer(instrumentation),
    duration: meter.createHistogram('http.client.request.duration', {
      description: 'Duration of HTTP client requests.',
      unit: 's',
      advice: { explicitBucketBoundaries: durationBounds },
    }),
    propagate: options.propagate ?? true,
    clock: options.clock ?? systemClock,
  };
  return { start: (call) => observedCall(instruments, call) };
};

const attributesOf = ({ method, host, port, template, scheme }: ObservedCall): Attributes => ({
  'http.request.method': knownMethods.has(method) ? method : '_OTHER',
  'server.address': host,
  'server.port': port,
  'url.scheme': scheme,
  'url.template': template,
});

/** Status 4xx and 5xx are errors of their own name; otherwise the code says what went wrong. */
const errorType = ({ status, code }: ObservedEnd): string | undefined =>
  status !== undefined && status >= 400 ? String(status) : code;

const endOf = ({ api }: Instruments, { span, end }: { readonly span: Span; readonly end: ObservedEnd }): Attributes => {
  const error = errorType(end);
  const attributes: Attributes = {
    ...(end.status !== undefined && { 'http.response.status_code': end.status }),
    ...(error !== undefined && { 'error.type': error }),
  };
  span.setAttributes(attributes);
  // Without a description: messages are for people, and these go to a third party.
  if (error !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR });
  span.end();
  return attributes;
};

const observedCall = (instruments: Instruments, call: ObservedCall): ObservedRun => {
  const { api, tracer } = instruments;
  const { connector, connection, operation } = call;
  const attributes = {
    'mortise.connector': connector,
    'mortise.connection': connection,
    'mortise.operation': operation,
  };
  const parent = api.context.active();
  const span = tracer.startSpan(`${connector} ${operation}`, { kind: api.SpanKind.INTERNAL, attributes }, parent);
  const inside = api.trace.setSpan(parent, span);
  const known = attributesOf(call);
  return {
    attempt: (resend) => observedAttempt(instruments, { call, known, inside, resend }),
    end: ({ code }) => {
      // What the requests came to stands on their own spans.
      endOf(instruments, { span, end: { code } });
    },
  };
};

interface AttemptParts {
  readonly call: ObservedCall;
  readonly known: Attributes;
  readonly inside: Context;
  readonly resend: number;
}

const observedAttempt = (instruments: Instruments, { call, known, inside, resend }: AttemptParts): ObservedAttempt => {
  const { api, tracer, duration, propagate, clock } = instruments;
  const startedAt = clock.monotonic();
  const attributes = resend > 0 ? { ...known, 'http.request.resend_count': resend } : known;
  const name = `${known['http.request.method'] === '_OTHER' ? 'HTTP' : call.method} ${call.template}`;
  const span = tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes }, inside);
  return {
    headers: propagate ? traceHeaders(span, api) : undefined,
    end: (end) => {
      const outcome = endOf(instruments, { span, end });
      duration.record(
        (clock.monotonic() - startedAt) / 1_000,
        { ...known, ...outcome },
        api.trace.setSpan(inside, span),
      );
    },
  };
};

/**
 * The W3C headers of a span. Written here and not by the global propagator: that one would send the host's baggage to
 * the vendor as well.
 */
const traceHeaders = (span: Span, api: Api): Readonly<Record<string, string>> | undefined => {
  const context = span.spanContext();
  if (!api.isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = context;
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize();
  return { traceparent, ...(tracestate !== undefined && tracestate !== '' && { tracestate }) };
};
