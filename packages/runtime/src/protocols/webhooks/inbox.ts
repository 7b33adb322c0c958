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

/** A delivery that was handed out for work. */
export interface TakenDelivery extends Delivery {
  readonly id: number;
  /** How often it was handed out, this time included. */
  readonly tries: number;
}

/** What became of a delivery that was to be kept. */
export type Accepted =
  | 'new'
  /** Kept before, whether or not its work is done: nothing was added. */
  | 'duplicate'
  /** The inbox holds as much as it may: the vendor is asked to come back. */
  | 'full';

/** What work is asked for. */
export interface TakeRequest {
  readonly connection: string;
  readonly limit: number;
  /** For how long the deliveries are nobody else's, milliseconds; after that they are handed out again. */
  readonly leaseMs: number;
}

/**
 * Durable deliveries: kept before the vendor gets its 2xx, handed out until their work is done. `@mortise/store` keeps
 * it.
 */
export interface Inbox {
  readonly accept: (delivery: Delivery) => Promise<Accepted>;
  /** The oldest deliveries that nobody works on, at most one per subject. */
  readonly take: (request: TakeRequest) => Promise<readonly TakenDelivery[]>;
  /** Their work is done: bodies are dropped, keys stay known for as long as the vendor may send them again. */
  readonly done: (ids: readonly number[]) => Promise<void>;
}
