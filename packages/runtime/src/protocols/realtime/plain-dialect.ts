import type { AuthHeaders } from '../../auth/auth.ts';
import { lost } from './connection-end.ts';
import type { Dialect, Step } from './dialect.ts';
import type { Refusal } from './graphql-dialect.ts';

/** One subscription over a plain WebSocket. */
export interface PlainSubscription {
  /** Messages that subscribe, sent as JSON once the vendor has acknowledged the connection. */
  readonly messages?: readonly unknown[];
}

/** What a message of a vendor's own protocol means. */
export type PlainMessage =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'event' }
  /** Answered with a message of the vendor's protocol, such as a pong. */
  | { readonly kind: 'reply'; readonly message: unknown }
  | { readonly kind: 'ignored' }
  /** The vendor refuses: the code says whether a repeat may help. */
  | ({ readonly kind: 'refused' } & Refusal);

/** How a vendor speaks over a plain WebSocket. */
export interface PlainDialectOptions {
  readonly subprotocol?: string | undefined;
  /**
   * Messages that are sent first, as JSON, made from the headers that the connection's auth gives. Those headers then
   * stay out of the handshake: credentials travel once.
   */
  readonly opening?: ((auth: AuthHeaders) => readonly unknown[]) | undefined;
  /** What a message means. Without it, an open socket is acknowledged and every message is an event. */
  readonly read?: ((message: unknown) => PlainMessage) | undefined;
}

const stepOf = (message: unknown, read: NonNullable<PlainDialectOptions['read']>): Step => {
  const meaning = read(message);
  if (meaning.kind === 'event') return { kind: 'event', event: message };
  if (meaning.kind !== 'refused') return meaning;
  const { kind: _kind, ...known } = meaning;
  return { kind: 'ended', end: lost({ ...known, message: 'the vendor refused the connection with a message' }) };
};

/** JSON messages over a WebSocket, as the vendor orders them. */
export const plainDialect = (
  { messages = [] }: PlainSubscription,
  { subprotocol, opening, read }: PlainDialectOptions,
): Dialect => ({
  subprotocol,
  headers: (auth) => (opening === undefined ? auth : {}),
  opening: (auth) => opening?.(auth) ?? [],
  openIsAcknowledged: read === undefined,
  subscribing: messages,
  read: read === undefined ? (event) => ({ kind: 'event', event }) : (message) => stepOf(message, read),
});
