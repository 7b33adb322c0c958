import { type ConnectorError, toConnectorError } from '../../errors/connector-error.ts';
import { redactedError } from '../../errors/redacted-error.ts';
import type { CallRoad } from '../../resilience/call-road.ts';
import { sleep, throwIfCancelled } from '../../resilience/clock.ts';
import type { CallFacts } from '../../telemetry/events.ts';
import { emit } from '../../telemetry/sink.ts';
import { type CatchUp, type Progress, progressOf } from './catch-up.ts';
import { type Connection, openConnection } from './connection.ts';
import type { ConnectionEnd } from './connection-end.ts';
import type { Dialect } from './dialect.ts';
import type { RealtimeLimits } from './limits.ts';
import { endOf, type RecoveryParts, recover, type Standing } from './recovery.ts';
import type { SocketSettings } from './socket.ts';

/** What becomes of the events of a subscription. */
export interface SubscriptionPlan<Item> {
  /** Makes items of one event; none leaves it out. It must not throw. */
  readonly items: (event: unknown) => readonly Item[];
  /** Closes the gap after each connection. Without it, what happens while the line is cut is lost. */
  readonly catchUp?: CatchUp<Item> | undefined;
}

/** What a subscription runs on. */
export interface SubscriptionParts {
  readonly road: CallRoad;
  readonly url: URL;
  /** The same address as auth methods see it, with http or https. */
  readonly authUrl: URL;
  readonly facts: CallFacts;
  readonly limits: RealtimeLimits;
  readonly closeCodes: SocketSettings['closeCodes'];
  readonly network: SocketSettings['network'];
  readonly dialect: Dialect;
  readonly signal: AbortSignal | undefined;
}

/** How long after the subscription was sent reading starts, milliseconds. */
const defaultSettleMs = 1_000;

/**
 * The events of a subscription over as many connections as it takes. Ends when the vendor says that there is no more.
 * @throws ConnectorError as {@link recover} decides.
 */
export async function* subscription<Item>(
  parts: SubscriptionParts,
  plan: SubscriptionPlan<Item>,
): AsyncGenerator<Item> {
  const { road, facts, limits, signal } = parts;
  const standing: Standing = { attempts: 0, renewed: false, auth: {} };
  const recovery: RecoveryParts = { road, facts, standing, attempts: limits.attempts, signal };
  const progress = plan.catchUp && progressOf(plan.catchUp, road.clock);
  try {
    for (;;) {
      throwIfCancelled(signal);
      const end = yield* oneConnection(parts, { plan, progress, standing });
      if (end.failure === undefined) return;
      await recover(recovery, end);
    }
  } catch (thrown) {
    throw reported(parts, { thrown, standing });
  }
}

interface Run<Item> {
  readonly plan: SubscriptionPlan<Item>;
  readonly progress: Progress<Item> | undefined;
  readonly standing: Standing;
}

async function* oneConnection<Item>(parts: SubscriptionParts, run: Run<Item>): AsyncGenerator<Item, ConnectionEnd> {
  const { road, limits } = parts;
  const { standing } = run;
  let connection: Connection | undefined;
  let openedAt: number | undefined;
  try {
    connection = await connect(parts, standing);
    const refused = await connection.acknowledged;
    if (refused !== undefined) return refused;
    openedAt = road.clock.monotonic();
    const opened = { type: 'subscription-opened' as const, at: road.clock.now(), ...parts.facts };
    emit(road.events, { ...opened, attempt: standing.attempts + 1 });
    yield* caughtUp(parts, run);
    return yield* liveItems(connection, { ...run, signal: parts.signal });
  } catch (thrown) {
    return endOf(thrown);
  } finally {
    connection?.close();
    const held = openedAt === undefined ? -1 : road.clock.monotonic() - openedAt;
    if (held >= limits.healthyAfterMs) {
      standing.attempts = 0;
      standing.renewed = false;
    }
  }
}

const connect = async (parts: SubscriptionParts, standing: Standing): Promise<Connection> => {
  const { road, authUrl, signal } = parts;
  standing.auth = await road.auth.headers({ method: 'GET', url: authUrl }, signal);
  return openConnection({ ...parts, auth: standing.auth, clock: road.clock });
};

/** What changed while nobody listened, before anything live: the live events wait in the queue meanwhile. */
async function* caughtUp<Item>(parts: SubscriptionParts, { plan, progress }: Run<Item>): AsyncGenerator<Item> {
  const { catchUp } = plan;
  if (catchUp === undefined || progress === undefined) return;
  const { clock } = parts.road;
  const { settleMs = defaultSettleMs } = catchUp;
  if (settleMs > 0) await sleep(clock, settleMs, parts.signal);
  for await (const item of catchUp.read(progress.since())) {
    throwIfCancelled(parts.signal);
    if (!progress.isNews(item)) continue;
    yield item;
    progress.seen(item);
  }
  // Only now: a list need not be sorted, and one that was cut short has reached nothing.
  progress.reach();
}

async function* liveItems<Item>(
  connection: Connection,
  { plan, progress, signal }: Run<Item> & { readonly signal: AbortSignal | undefined },
): AsyncGenerator<Item, ConnectionEnd> {
  for (;;) {
    throwIfCancelled(signal);
    const taken = await connection.take();
    if ('end' in taken) return taken.end;
    for (const item of plan.items(taken.event)) {
      if (progress?.isNews(item) === false) continue;
      yield item;
      progress?.seen(item);
    }
    progress?.reach();
  }
}

/** Completes the error with what is known about the subscription and tells the event sink. */
const reported = (
  { road, facts }: SubscriptionParts,
  { thrown, standing }: { readonly thrown: unknown; readonly standing: Standing },
): ConnectorError => {
  const error = redactedError(toConnectorError(thrown, { ...facts, attempts: standing.attempts }), road.redact);
  if (error.code === 'cancelled') return error;
  const { code, message, status, vendorCode, requestId, resumeAt } = error;
  emit(road.events, {
    type: 'subscription-failed',
    at: road.clock.now(),
    ...facts,
    attempts: standing.attempts,
    ...{ code, message, status, vendorCode, requestId, resumeAt },
  });
  return error;
};
