import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { BodyFormat } from './format.ts';

/** An answer that the wire gives in the vendor's place. */
export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

/** A request as the wire has seen it. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly body: string;
}

/**
 * How this vendor's answers say what every vendor says somehow. What is left out has the default of HTTP where there is
 * one; a check whose answer has neither is not judged, and the sheet says so.
 */
export interface Dialect {
  /**
   * How bodies are read and written where they are no JSON, or where rows need the connector's name of their key to be
   * found. Default: JSON.
   */
  readonly format?: BodyFormat | undefined;
  /** The request is refused because a limit is used up for so long. Default: 429 with Retry-After in seconds. */
  readonly throttled?: ((waitMs: number) => WireReply) | undefined;
  /** The wait that {@link Dialect.throttled} is asked for, where the vendor knows only some; 7,000 ms unless given. */
  readonly throttledMs?: number | undefined;
  /** The credentials are not accepted. Default: 401. */
  readonly unauthenticated?: (() => WireReply) | undefined;
  /** A permission is missing. Default: 403. */
  readonly forbidden?: (() => WireReply) | undefined;
  /**
   * An error whose every text is the one given, in whatever the vendor says errors by. Asked besides JSON errors, to see
   * that nothing of it is shown.
   */
  readonly refusing?: ((said: string) => WireReply) | undefined;
  /** The page's cursor is too old. No default. */
  readonly pageExpired?: (() => WireReply) | undefined;
  /** The answer without its rows, with more to come behind it; undefined for an answer that is not a page. No default. */
  readonly emptyPage?: ((body: unknown) => unknown) | undefined;
  /**
   * Tells the requests that log in or renew a token, and those that ask what is granted: the suite lets them pass.
   * Without it the credentials are taken for static ones.
   */
  readonly isTokenRequest?: ((request: WireRequest) => boolean) | undefined;
}

/**
 * What the suite can do at the vendor behind the connector's back, with one resource. A check that needs a function
 * which is not given is not judged, and the sheet says so.
 */
export interface ResourceWorld {
  /** Ids of all live records, as the connector gives them. Rejects where the vendor cannot be asked. */
  readonly ids: () => Promise<readonly string[]>;
  /** Makes records, all with one change stamp where `at` is given (Unix milliseconds). Answers their ids. */
  readonly put?:
    | ((count: number, options?: { readonly at?: number | undefined }) => Promise<readonly string[]>)
    | undefined;
  /** Changes a record, so that its change stamp is `at` (Unix milliseconds); its creation stays where it was. */
  readonly touch?: ((id: string, at: number) => Promise<void>) | undefined;
  /** Deletes a record. */
  readonly delete?: ((id: string) => Promise<void>) | undefined;
  /**
   * A written wire record that the vendor takes; another key for each index. Needed where the resource is written. A real
   * server is given other indexes in every check.
   */
  readonly sample?: ((index: number) => object) | undefined;
  /** A written wire record that the vendor refuses for itself, whatever is beside it in the batch. */
  readonly refused?: ((index: number) => object) | undefined;
  /**
   * Whether a batch write makes nothing, and only sets what is there, as stock is set: `sample` then puts the record that it
   * names. A write must then leave no new record at all.
   */
  readonly setsOnly?: boolean | undefined;
  /** A text in the body of requests that write the record, and in no other's: the value of its key unless given. */
  readonly mark?: ((record: object) => string) | undefined;
  /** Changed fields that `update` takes. */
  readonly change?: (() => object) | undefined;
  /** How long after a change or a deletion the vendor's lists may still miss it at worst, milliseconds; 0 unless given. */
  readonly lagMs?: number | undefined;
  /** Finest step of the stamps that `put` and `touch` can set, milliseconds; 1 unless given. */
  readonly granularityMs?: number | undefined;
}

/** One delivery of a webhook as the vendor sends it, not signed yet. */
export interface WorldDelivery {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A vendor that has started. */
export interface WorldSession {
  /** Where it answers, with the path where its API begins. */
  readonly url: string;
  /** Settings of a connection whose vendor is at that URL. The suite puts its own wire there. */
  readonly settings: (url: string) => object;
  readonly credentials: object;
  /** The vendor's clock where it runs on a virtual one: connector and suite then share it. Left out: it has the real time. */
  readonly clock?: VirtualClock | undefined;
  /** By the connector's names. A resource that is left out is judged by what needs no hand at the vendor. */
  readonly resources: Readonly<Record<string, ResourceWorld>>;
  /** Deliveries of webhooks: another event for each index. */
  readonly delivery?: ((index: number) => WorldDelivery) | undefined;
  /** Ends the vendor and frees what it holds. Rejects where it does not end. */
  readonly stop: () => Promise<void>;
}

/** A vendor for the suite: a stand-in, or a server that others have written. */
export interface World {
  /** For instance `HubSpot sandbox`. */
  readonly name: string;
  /** A sandbox is started anew for every check; a real server once for all. */
  readonly kind: 'sandbox' | 'real server';
  /** Starts a vendor. Rejects where it does not start: the checks then fail. */
  readonly start: () => Promise<WorldSession>;
  readonly dialect?: Dialect | undefined;
}
