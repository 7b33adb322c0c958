import type { LiveAuth } from '../auth/auth.ts';
import { remembered } from '../auth/remembered.ts';
import type { ConnectionFacts } from '../contract/connection-facts.ts';
import type { Effect } from '../contract/effect.ts';
import type { ConnectionOptions } from '../contract/open.ts';
import type { ConnectionAccess } from '../contract/permissions.ts';
import { resourceWork } from '../contract/resource-work.ts';
import { parseSettings } from '../contract/settings.ts';
import type { EventSink } from '../telemetry/events.ts';
import type { CallObserver } from '../telemetry/observer.ts';
import { emit, errorLines } from '../telemetry/sink.ts';
import { type Breaker, breaker } from './breaker.ts';
import { type Bulkhead, bulkhead } from './bulkhead.ts';
import { type Clock, type Random, systemClock, systemRandom } from './clock.ts';
import { type Deadlines, deadlines } from './deadline.ts';
import { CallLimits } from './limits.ts';
import { type QuotaGovernor, quotaGovernor } from './quota.ts';
import { reportBreaker } from './report.ts';
import { type RetryBudget, retryBudget } from './retry-budget.ts';

/** What all calls of one connection share. Protocols make it of a connection's facts; connectors never see it. */
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
  /** Its permissions, for errors that name them. */
  readonly access?: ConnectionAccess | undefined;
  readonly quota: QuotaGovernor;
  readonly budget: RetryBudget;
  readonly breaker: Breaker;
  readonly bulkhead: Bulkhead;
  readonly events: EventSink;
  /** Watches calls, for tracing. */
  readonly observer?: CallObserver | undefined;
  readonly redact: (text: string) => string;
  /** What the road was made of; transports keep under it what they share. */
  readonly facts: ConnectionFacts;
  readonly deadlines: Deadlines;
  /** Hosts of which the event sink was warned. */
  readonly warned: Set<string>;
}

const roads = new WeakMap<ConnectionFacts, CallRoad>();

/**
 * The call road of a connection, made when its first transport asks for it and the same for all of them.
 * @throws ConnectorError `invalid-settings` for limits that cannot be.
 */
export const callRoad = (facts: ConnectionFacts): CallRoad => {
  const known = roads.get(facts);
  if (known !== undefined) return known;
  const { bare, auth, remember, access } = facts;
  // Signing in counts against the same limits as everything else: only the credentials are apart.
  const road = bare === undefined ? newRoad(facts) : { ...callRoad(bare), auth: remembered(auth, remember), access };
  roads.set(facts, road);
  return road;
};

const newRoad = (facts: ConnectionFacts): CallRoad => {
  const { connector, connection, options, quota, redact, auth } = facts;
  const limits = parseSettings(CallLimits, { input: options.limits, owner: { connector, kind: 'setting' } });
  const clock = options.clock ?? systemClock;
  const events = recordedEvents(options);
  const running = deadlines(clock);
  facts.takeUp?.(resourceWork);
  const told = { events, clock, connector, connection };
  return {
    ...{ connector, connection, facts, limits, clock, events, redact, auth },
    random: options.random ?? systemRandom,
    fetch: options.fetch,
    allowInsecureHost: options.allowInsecureHost,
    quota: quotaGovernor(quota, {
      ...{ clock, reserve: limits.quotaReserve, ledger: options.store?.quotas, connection },
      onLow: (low) => emit(events, { type: 'quota-low', at: clock.now(), connector, connection, ...low }),
    }),
    budget: retryBudget(limits.retryTokens),
    deadlines: running,
    breaker: breaker(limits, { clock, onChange: (change) => reportBreaker(told, change) }),
    bulkhead: bulkhead(limits, running),
    observer: options.observer,
    warned: new Set(),
  };
};

/** The connection's events, which the store's metrics see as well. */
const recordedEvents = ({ events = errorLines, store }: ConnectionOptions): EventSink => {
  const record = store?.metrics?.record;
  if (record === undefined) return events;
  return (event) => {
    emit(record, event);
    emit(events, event);
  };
};

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
