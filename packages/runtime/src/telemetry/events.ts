import type { ConnectorErrorCode } from '../errors/codes.ts';

/** Which call an event is about. Names only: no id of a record, no value, no secret. */
export interface CallFacts {
  readonly connector: string;
  readonly connection: string;
  /** Resource and operation, for instance `contacts.upsert`. */
  readonly operation: string;
  readonly method: string;
  /** Path with placeholders. */
  readonly template: string;
}

/** How a call or a subscription ended for good: names and numbers of its error. */
interface FailureFacts {
  readonly attempts: number;
  readonly code: ConnectorErrorCode;
  readonly message: string;
  readonly status?: number | undefined;
  readonly vendorCode?: string | undefined;
  readonly requestId?: string | undefined;
  /** Earliest time at which a repeat makes sense, Unix milliseconds. */
  readonly resumeAt?: number | undefined;
}

/** What happens on the call road. Durations are milliseconds, times Unix milliseconds. */
export type RuntimeEvent =
  | (CallFacts & {
      readonly type: 'call-succeeded';
      readonly at: number;
      readonly attempts: number;
      readonly durationMs: number;
    })
  | (CallFacts & {
      readonly type: 'attempt-failed';
      readonly at: number;
      readonly attempt: number;
      readonly code: ConnectorErrorCode;
      readonly status?: number | undefined;
      readonly requestId?: string | undefined;
      /** Wait before the next attempt. */
      readonly waitMs: number;
    })
  | (CallFacts & {
      readonly type: 'quota-waited';
      readonly at: number;
      readonly quota: string;
      readonly waitMs: number;
    })
  | {
      /** Four fifths of a quota are used: told once in its window, and once a minute at most. */
      readonly type: 'quota-low';
      readonly at: number;
      readonly connector: string;
      readonly connection: string;
      readonly quota: string;
      /** Units used, and units that may be used: requests or cost points. */
      readonly used: number;
      readonly limit: number;
      /** When the rest is used up at the present rate; absent where no rate is known. */
      readonly exhaustedAt?: number | undefined;
      /** When the first of what is used comes back. */
      readonly resumeAt: number;
    }
  | {
      /** A read failed and was answered with something else. */
      readonly type: 'fallback-used';
      readonly at: number;
      readonly connector: string;
      readonly connection: string;
      readonly operation: string;
      readonly source: 'stale' | 'default';
      /** Why the read failed. */
      readonly code: ConnectorErrorCode;
      /** Age of a stale answer. */
      readonly ageMs?: number | undefined;
    }
  | (CallFacts & { readonly type: 'credentials-renewed'; readonly at: number })
  | (CallFacts &
      FailureFacts & {
        readonly type: 'call-failed';
        readonly at: number;
        readonly durationMs: number;
      })
  | (CallFacts & {
      readonly type: 'subscription-opened';
      readonly at: number;
      /** Which connection in a row this is; 1 where the one before had held. */
      readonly attempt: number;
    })
  | (CallFacts & {
      readonly type: 'subscription-lost';
      readonly at: number;
      /** Connections in a row that did not hold. */
      readonly attempt: number;
      readonly code: ConnectorErrorCode;
      /** Close code of the WebSocket, or the vendor's own code. */
      readonly vendorCode?: string | undefined;
      /** Wait before the next connection. */
      readonly waitMs: number;
    })
  | (CallFacts &
      FailureFacts & {
        readonly type: 'subscription-failed';
        readonly at: number;
      })
  | {
      readonly type: 'permissions-checked';
      readonly at: number;
      readonly connector: string;
      readonly connection: string;
      /** Needed by the operations in use, and not granted. */
      readonly missing: readonly string[];
      /** Granted, and needed by none of them. */
      readonly unused: readonly string[];
    }
  | {
      /** The breaker of a connection: `open` lets nothing out, `half-open` lets one request try, `closed` is normal. */
      readonly type: 'breaker-changed';
      readonly at: number;
      readonly connector: string;
      readonly connection: string;
      readonly state: 'open' | 'half-open' | 'closed';
      /** When an open breaker lets a request try. */
      readonly until?: number | undefined;
    }
  | {
      readonly type: 'insecure-host-allowed';
      readonly at: number;
      readonly connector: string;
      readonly connection: string;
      readonly host: string;
    };

/** Receives every event. It must not throw; what it throws is dropped. */
export type EventSink = (event: RuntimeEvent) => void;
