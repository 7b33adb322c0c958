import { revealSecret } from '../../contract/secret.ts';
import type { HeaderReader, ReadDelivery, SignatureClaim, SignedRequest } from '../../contract/webhooks.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { systemClock } from '../../resilience/clock.ts';
import { type ByteSource, readBytes } from './byte-source.ts';
import {
  outcomes,
  type WebhookEndpoint,
  type WebhookEvent,
  type WebhookOptions,
  type WebhookOutcome,
} from './endpoint.ts';
import type { Delivery } from './inbox.ts';
import { isAuthentic, isTimely } from './signature.ts';

/** A request as any server gives it: nothing parsed, no byte of the body read. */
export interface IncomingWebhook {
  readonly method: string;
  /** Scheme and host as the request names them. */
  readonly origin: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly header: HeaderReader;
  readonly body: ByteSource;
}

/** An answer without a body. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is known of a request so far; grows with each step. */
interface Reception {
  readonly incoming: IncomingWebhook;
  readonly options: WebhookOptions & { readonly clock: NonNullable<WebhookOptions['clock']> };
  /** Unix milliseconds at which the request came. */
  readonly now: number;
  readonly reserve: (bytes: number) => boolean;
}

interface Ending {
  readonly outcome: WebhookOutcome;
  readonly connection?: string | undefined;
  readonly deliveries?: number;
  readonly cause?: unknown;
}

const defaultMaxBodyBytes = 1024 * 1024;
const defaultMaxHeldBytes = 64 * 1024 * 1024;
const defaultBodyTimeoutMs = 10_000;
const defaultRetryAfterSeconds = 60;

/**
 * Receives webhooks, whatever server they come to: proves the signature over the raw bytes, keeps the deliveries, and only
 * then says 200. Never rejects.
 */
export const webhookReceiver = (options: WebhookOptions) => {
  const { clock = systemClock, maxHeldBytes = defaultMaxHeldBytes } = options;
  let held = 0;
  return async (incoming: IncomingWebhook): Promise<WebhookAnswer> => {
    const started = clock.monotonic();
    const now = clock.now();
    let ours = 0;
    const reserve = (bytes: number): boolean => {
      if (held + bytes > maxHeldBytes) return false;
      held += bytes;
      ours += bytes;
      return true;
    };
    const ending = await ended({ incoming, options: { ...options, clock }, now, reserve });
    held -= ours;
    const { outcome, connection, deliveries = 0, cause } = ending;
    const facts = { at: now, connection, outcome, status: outcomes[outcome], deliveries, cause };
    tell(options, { ...facts, durationMs: clock.monotonic() - started });
    return answerOf(ending, options);
  };
};

const answerOf = ({ outcome }: Ending, { retryAfterSeconds = defaultRetryAfterSeconds }: WebhookOptions) => {
  const status = outcomes[outcome];
  const headers: Record<string, string> = {};
  if (status === 503) headers['retry-after'] = String(retryAfterSeconds);
  if (status === 405) headers.allow = 'POST';
  return { status, headers };
};

/** Tells the host. An observer may not cost the vendor its answer. */
export const tell = ({ events }: WebhookOptions, event: Omit<WebhookEvent, 'type'>): void => {
  try {
    events?.({ type: 'webhook-answered', ...event });
  } catch {
    // Its own affair.
  }
};

const connectionOf = (target: string): string | undefined => {
  const [path = ''] = target.split('?', 1);
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)) || undefined;
  } catch {
    return undefined;
  }
};

/** What failed here is ours: the vendor is asked to come back. */
const failed = (cause: unknown, connection?: string): Ending => ({ outcome: 'failed', connection, cause });

const ended = async (reception: Reception): Promise<Ending> => {
  const { incoming, options } = reception;
  if (incoming.method !== 'POST') return { outcome: 'wrong-method' };
  const connection = connectionOf(incoming.target);
  if (connection === undefined) return { outcome: 'unknown-connection' };
  let endpoint: WebhookEndpoint | undefined;
  try {
    endpoint = await options.endpoint(connection);
  } catch (cause) {
    return failed(cause);
  }
  if (endpoint === undefined) return { outcome: 'unknown-connection' };
  try {
    return { connection, ...(await received(reception, { connection, endpoint })) };
  } catch (cause) {
    return failed(cause, connection);
  }
};

const received = async (
  reception: Reception,
  { connection, endpoint }: { connection: string; endpoint: WebhookEndpoint },
): Promise<Ending> => {
  const { incoming, options, now } = reception;
  const { webhooks } = endpoint;
  const claim = webhooks.signature.claim(incoming.header);
  // Nobody's signature, or a stale one: no byte of the body is worth reading.
  if (claim === undefined || !isTimely(claim, { now, toleranceMs: webhooks.toleranceMs })) {
    return { outcome: 'unauthenticated' };
  }
  const body = await bodyOf(reception);
  if (typeof body === 'string') return { outcome: body };
  const request = { method: incoming.method, url: urlOf(reception, endpoint), header: incoming.header, body };
  if (!isSigned(request, { claim, endpoint })) return { outcome: 'unauthenticated' };
  const read = readOrNothing(request, endpoint);
  if ('cause' in read) return { outcome: 'unreadable', cause: read.cause };
  const deliveries = read.deliveries.map((each) => deliveryOf(each, { connection, now, body }));
  if (deliveries.length === 0) return { outcome: 'empty' };
  return { outcome: await options.inbox.accept(deliveries), deliveries: deliveries.length };
};

const isSigned = (
  request: SignedRequest,
  { claim, endpoint }: { claim: SignatureClaim; endpoint: WebhookEndpoint },
): boolean => {
  const { webhooks, secrets } = endpoint;
  return isAuthentic(webhooks.signature, request, { claim, secrets: secrets.map(revealSecret) });
};

const urlOf = ({ incoming, options }: Reception, { url }: WebhookEndpoint): string => {
  if (url !== undefined) return url;
  const base = options.publicUrl ?? incoming.origin;
  return `${base.endsWith('/') ? base.slice(0, -1) : base}${incoming.target}`;
};

/** Reads as much as was declared and no more than is allowed. */
const bodyOf = async ({
  incoming: { header, body },
  options,
  reserve,
}: Reception): Promise<Uint8Array | 'too-large' | 'too-slow' | 'crowded' | 'unreadable'> => {
  const { maxBodyBytes = defaultMaxBodyBytes, bodyTimeoutMs = defaultBodyTimeoutMs, clock } = options;
  const declared = header('content-length');
  if (declared !== undefined && !/^\d{1,15}$/.test(declared)) return 'unreadable';
  if (Number(declared ?? 0) > maxBodyBytes) return 'too-large';
  const bytes = await readBytes(body, { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs, clock, reserve });
  if (typeof bytes === 'string') return bytes === 'broken' ? 'unreadable' : bytes;
  return declared !== undefined && Number(declared) !== bytes.length ? 'unreadable' : bytes;
};

const readOrNothing = (
  request: SignedRequest,
  { webhooks }: WebhookEndpoint,
): { readonly deliveries: readonly ReadDelivery[] } | { readonly cause: unknown } => {
  try {
    const deliveries = webhooks.read(request);
    if (deliveries.every(({ key }) => key !== '')) return { deliveries };
    return { cause: connectorError('invalid-record', 'a delivery has no key to know it by: it was refused') };
  } catch (thrown) {
    return { cause: unreadable(thrown) };
  }
};

/** A parser quotes what it could not read, and that is the body. */
const unreadable = (thrown: unknown): unknown =>
  thrown instanceof SyntaxError
    ? connectorError('unexpected-content', 'the signature of a webhook holds, and its body is no JSON')
    : thrown;

const deliveryOf = (
  read: ReadDelivery,
  { connection, now, body }: { connection: string; now: number; body: Uint8Array },
): Delivery => ({ ...read, body: read.body ?? body, connection, receivedAt: now });
