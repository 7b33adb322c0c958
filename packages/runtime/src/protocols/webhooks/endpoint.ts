import type { Secret } from '../../contract/secret.ts';
import type { WebhookFamily } from '../../contract/webhooks.ts';
import type { Clock } from '../../resilience/clock.ts';
import type { Inbox } from './inbox.ts';

/** Where the webhooks of one connection arrive. */
export interface WebhookEndpoint {
  /** How the vendor signs and what its deliveries look like: `connector.webhooks`, or a family such as `shopifyWebhooks`. */
  readonly webhooks: WebhookFamily;
  /** Secrets that are valid now; two while one replaces the other. */
  readonly secrets: readonly Secret[];
  /** The public URL of this endpoint, whole, where it is not `publicUrl` and the path: some vendors sign it. */
  readonly url?: string | undefined;
}

/** How a request for a webhook ended. Names and numbers only. */
export interface WebhookEvent {
  readonly type: 'webhook-answered';
  /** Unix milliseconds. */
  readonly at: number;
  /** Id in the path, where there is such a connection. */
  readonly connection: string | undefined;
  readonly outcome: WebhookOutcome;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Deliveries in the request. */
  readonly deliveries: number;
  readonly durationMs: number;
  /** What failed on our side, where something did. For the host's eyes; the vendor gets a status alone. */
  readonly cause?: unknown;
}

/** What webhooks are received with. */
export interface WebhookOptions {
  /** Keeps deliveries before the vendor gets its 2xx. `inbox` of a store of `@mortise/store`. */
  readonly inbox: Pick<Inbox, 'accept'>;
  /**
   * The endpoint of the connection whose id is the last part of the path; undefined answers 404. Where it throws, the
   * vendor is asked to come back.
   */
  readonly endpoint: (connection: string) => WebhookEndpoint | undefined | Promise<WebhookEndpoint | undefined>;
  /** Public base of this server's paths, for instance `https://hooks.example.com`, where a proxy stands before it. */
  readonly publicUrl?: string;
  /** Largest body, bytes: 1 MiB unless given. */
  readonly maxBodyBytes?: number;
  /**
   * Bytes of bodies held in memory at once, of all requests: 64 MiB unless given. Beyond it the answer is 503: senders
   * whose signatures are not proved yet must not fill it.
   */
  readonly maxHeldBytes?: number;
  /** Longest time for a whole body to arrive, milliseconds: 10,000 unless given. */
  readonly bodyTimeoutMs?: number;
  /** When to come back after a full or failing inbox, seconds: 60 unless given. */
  readonly retryAfterSeconds?: number;
  readonly clock?: Clock;
  /** Receives how each request ended. It must not throw; what it throws is dropped. */
  readonly events?: (event: WebhookEvent) => void;
}

/** How a request can end, with its status. */
export const outcomes = {
  new: 200,
  duplicate: 200,
  /** Proved, and holds no delivery, as a ping. */
  empty: 200,
  unreadable: 400,
  'unknown-connection': 404,
  unauthenticated: 401,
  'wrong-method': 405,
  'too-slow': 408,
  'too-large': 413,
  /** The inbox holds as much as it may. */
  full: 503,
  /** Memory holds as many bodies as it may. */
  crowded: 503,
  /** A body parser has read the body before. */
  misplaced: 500,
  failed: 503,
} as const;

/** How a request for a webhook ended. */
export type WebhookOutcome = keyof typeof outcomes;
