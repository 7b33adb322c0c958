import type { AuthHeaders } from '../../auth/auth.ts';
import type { ConnectionEnd } from './connection-end.ts';

/** What one message means. */
export type Step =
  /** The vendor took us in: the subscription may be sent. */
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'reply'; readonly message: unknown }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'ended'; readonly end: ConnectionEnd };

/** How one protocol talks over a socket, for one subscription. */
export interface Dialect {
  readonly subprotocol?: string | undefined;
  /** Headers of the handshake. */
  readonly headers: (auth: AuthHeaders) => AuthHeaders;
  /** What is sent as soon as the socket is open. */
  readonly opening: (auth: AuthHeaders) => readonly unknown[];
  /** Whether an open socket is all the acknowledgement that there is. */
  readonly openIsAcknowledged: boolean;
  /** What is sent once we are acknowledged. */
  readonly subscribing: readonly unknown[];
  readonly read: (message: unknown) => Step;
}
