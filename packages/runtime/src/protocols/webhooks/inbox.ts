/** A delivery that was verified, as it came. */
export interface Delivery {
  /** Where it came from: the connection whose secret verified it. */
  readonly connection: string;
  /** The vendor's key of the delivery; a second one with the same key has one effect. */
  readonly key: string;
  /** What happened, for instance `orders/create`. */
  readonly topic: string;
  /** The record it is about, where the vendor says so: deliveries about one record are handed out one after another. */
  readonly subject?: string | undefined;
  /** Unix milliseconds at which we received it. */
  readonly receivedAt: number;
  /** Unix milliseconds at which the vendor says that it happened. */
  readonly occurredAt?: number | undefined;
  /** The raw bytes. */
  readonly body: Uint8Array;
}

/** Which handing out of a delivery is meant: what an earlier one says about it counts for nothing. */
export interface DeliveryTurn {
  readonly id: number;
  /** How often it was handed out, this time included. */
  readonly tries: number;
}

/** A delivery that was handed out for work. */
export interface TakenDelivery extends Delivery, DeliveryTurn {}

/** What became of deliveries that were to be kept. */
export type Accepted =
  | 'new'
  /** All were kept before, whether or not their work is done: nothing was added. */
  | 'duplicate'
  /** The inbox holds as much as it may: none was added, and the vendor is asked to come back. */
  | 'full';

/** What work is asked for. */
export interface TakeRequest {
  readonly connection: string;
  readonly limit: number;
  /** For how long the deliveries are nobody else's, milliseconds; after that they are handed out again. */
  readonly leaseMs: number;
}

/** How much waits in an inbox. */
export interface InboxSize {
  /** Deliveries whose work is not done. */
  readonly deliveries: number;
  /** Their bodies, bytes. */
  readonly bytes: number;
}

/**
 * Durable deliveries: kept before the vendor gets its 2xx, handed out until their work is done. `@mortise/store` keeps
 * it. Every method rejects with a ConnectorError when the state cannot be read or written.
 */
export interface Inbox {
  /** Keeps the deliveries of one request: all of them, or none. Resolves when they are safe on the disk. */
  readonly accept: (deliveries: readonly Delivery[]) => Promise<Accepted>;
  /** The oldest deliveries that nobody works on, at most one per subject, and none behind an older one of its subject. */
  readonly take: (request: TakeRequest) => Promise<readonly TakenDelivery[]>;
  /** Their work is done: bodies are dropped, keys stay known for as long as the vendor may send them again. */
  readonly done: (turns: readonly DeliveryTurn[]) => Promise<void>;
  /** Nobody else gets them before that time, Unix milliseconds: longer work, or a wait after a failure. */
  readonly hold: (turns: readonly DeliveryTurn[], until: number) => Promise<void>;
  readonly size: (connection: string) => Promise<InboxSize>;
}
