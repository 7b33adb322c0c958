import type { LiveAuth } from '../auth/auth.ts';
import type { Effect } from '../contract/effect.ts';
import type { EventSink } from '../telemetry/events.ts';
import type { CallObserver } from '../telemetry/observer.ts';
import type { Clock, Random } from './clock.ts';
import type { CallLimits } from './limits.ts';
import type { QuotaGovernor } from './quota.ts';
import type { RetryBudget } from './retry-budget.ts';

/** What all calls of one connection share. Protocols receive it when they are bound; connectors never see it. */
export interface CallRoad {
  readonly connector: string;
  readonly connection: string;
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly random: Random;
  /** The standard fetch of the host's choice; the runtime's own transport when absent. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** A host to which plain http is allowed. */
  readonly allowInsecureHost?: string | undefined;
  readonly auth: LiveAuth;
  readonly quota: QuotaGovernor;
  readonly budget: RetryBudget;
  readonly events: EventSink;
  /** Watches calls, for tracing. */
  readonly observer?: CallObserver | undefined;
  readonly redact: (text: string) => string;
}

/** Which operation a transport is used for. */
export interface OperationContext {
  /** Resource and operation, for instance `contacts.upsert`. */
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  /** Who goes first when a quota is short; `sync` unless given. */
  readonly priority?: Priority | undefined;
  /** Names a write to a vendor that honours idempotency keys. */
  readonly idempotencyKey?: string | undefined;
}

/** Who goes first when a quota is short, most urgent first. */
export type Priority = 'interactive' | 'webhook' | 'sync' | 'backfill';

/** One call: what is sent, as far as the road must know. */
export interface CallDescription extends OperationContext {
  readonly method: string;
  readonly url: URL;
  readonly template: string;
  readonly effect: Effect;
  /** Name of the quota it draws on. */
  readonly quota: string;
  /** Units of the quota that it takes: 1 unless given. */
  readonly cost?: number | undefined;
  /** The target is not the vendor's own host: credentials stay at home. */
  readonly isAnonymous?: boolean | undefined;
}
