import type { LiveAuth } from '../auth/auth.ts';
import type { Effect } from '../contract/effect.ts';
import type { EventSink } from '../telemetry/events.ts';
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
  readonly redact: (text: string) => string;
}

/** Which operation a transport is used for. */
export interface OperationContext {
  /** Resource and operation, for instance `contacts.upsert`. */
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
}

/** One call: what is sent, as far as the road must know. */
export interface CallDescription extends OperationContext {
  readonly method: string;
  readonly template: string;
  readonly effect: Effect;
  /** Name of the quota it draws on. */
  readonly quota: string;
}
