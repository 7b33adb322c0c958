/** Reads a header by its name in lower case; undefined where it is absent. */
export type HeaderReader = (name: string) => string | undefined;

/** A request as a vendor signed it: raw, nothing parsed. */
export interface SignedRequest {
  /** In upper case. */
  readonly method: string;
  /** The whole URL as the vendor called it, not normalised: some vendors sign it. */
  readonly url: string;
  readonly header: HeaderReader;
  /** The bytes of the body as they came. */
  readonly body: Uint8Array;
}

/** What the headers of a request say about its signature. Nothing of it is proved yet. */
export interface SignatureClaim {
  /** Every signature that the request brings: during a rotation there are several. */
  readonly signatures: readonly string[];
  /** The timestamp as it was signed, where the scheme signs one. */
  readonly timestamp?: string | undefined;
  /** The same, Unix milliseconds. */
  readonly signedAt?: number | undefined;
  /** The id of the message, where the scheme signs one. */
  readonly id?: string | undefined;
}

/** A request about to be signed. */
export interface SigningRequest {
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array;
}

/** What a signature is made with. */
export interface SigningOptions {
  readonly secret: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Id of the message, where the scheme signs one. */
  readonly id?: string | undefined;
}

/** How a vendor signs its webhooks. Made by `hmac(…)` of `@mortise/runtime/webhooks`, or taken ready from there. */
export interface SignatureScheme {
  /** Reads the headers; undefined where one that is needed is absent or is not of its form. */
  readonly claim: (header: HeaderReader) => SignatureClaim | undefined;
  /** Whether one of the signatures was made with the secret. Compares in constant time. */
  readonly matches: (
    request: SignedRequest,
    given: { readonly claim: SignatureClaim; readonly secret: string },
  ) => boolean;
  /** Signs as the vendor does, for tests and stand-ins: the headers to send. */
  readonly sign: (request: SigningRequest, options: SigningOptions) => Readonly<Record<string, string>>;
}

/** One delivery, read from a request whose signature was proved. */
export interface ReadDelivery {
  /**
   * The same for each repetition of this delivery, and for nothing else: it is what duplicates are known by. A key that
   * two events share loses one of them.
   */
  readonly key: string;
  /** What happened, in the vendor's words, for instance `orders/create`. */
  readonly topic: string;
  /** The record it is about, for instance `order/1001`: deliveries about one record are worked on one after another. */
  readonly subject?: string | undefined;
  /** Unix milliseconds at which it happened, where the vendor says so. */
  readonly occurredAt?: number | undefined;
  /** The part of the body that is this delivery; the whole body unless given. */
  readonly body?: Uint8Array | undefined;
}

/** How the webhooks of a vendor are received: plain data, without secrets. */
export interface WebhookFamily {
  readonly signature: SignatureScheme;
  /**
   * Reads the deliveries of a request whose signature was proved: one for most vendors, a batch for some, none for a
   * ping. What it throws is answered with 400.
   */
  readonly read: (request: SignedRequest) => readonly ReadDelivery[];
  /** How far the signed timestamp may be from our clock, either way, milliseconds: 300,000 unless given. */
  readonly toleranceMs?: number | undefined;
}

/** A topic that can be subscribed to. */
export interface WebhookTopic {
  /** Permissions without which the vendor refuses the subscription. */
  readonly permissions?: readonly string[];
}

/** The webhooks of a connector. */
export interface WebhookDefinition<ResourceName extends string = string> extends WebhookFamily {
  /** What can be subscribed to, by the vendor's own names. */
  readonly topics: Readonly<Record<string, WebhookTopic>>;
  /**
   * The resource whose records are the subscriptions, with `list`, `create` and `remove`. Absent where subscriptions
   * are only made by hand.
   */
  readonly subscriptions?: ResourceName;
}
