import { type Clock, sleep, systemClock } from '../../resilience/clock.ts';
import type { DeliveryTurn, Inbox, TakenDelivery } from './inbox.ts';

/** What a delivery is worked on with. */
export interface DeliveryContext {
  /** Aborted when the drain is to stop: finish or leave it, it comes again. */
  readonly signal: AbortSignal;
}

/** How an inbox is worked off. */
export interface DrainOptions {
  readonly inbox: Omit<Inbox, 'accept'>;
  readonly connection: string;
  /**
   * Does the work of one delivery, to be repeated without harm: after a crash it comes again. Take it as a hint and fetch
   * the latest record; see `isNewer`. What it throws leaves the delivery for later.
   */
  readonly handle: (delivery: TakenDelivery, context: DeliveryContext) => Promise<void>;
  /** Ends the drain after the work under way. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Ends when nothing can be taken, instead of waiting for more. */
  readonly untilEmpty?: boolean;
  /** Deliveries worked on at once, each about another record: 4 unless given. */
  readonly concurrency?: number;
  /** How long a crashed worker's delivery stays away, milliseconds: 60,000 unless given. Work that is under way renews it. */
  readonly leaseMs?: number;
  /** Between two looks into an empty inbox, milliseconds: 1,000 unless given. */
  readonly pollMs?: number;
  /**
   * Told of each failure; `done` gives the delivery up, `again` (also without it) leaves it for later. What it throws
   * ends the work of all.
   */
  readonly failed?: (delivery: TakenDelivery, thrown: unknown) => 'again' | 'done' | Promise<'again' | 'done'>;
}

interface Drain extends DrainOptions {
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly stop: AbortSignal;
}

const firstWaitMs = 1_000;
const longestWaitMs = 60 * 60_000;

/** Before the next try: doubles from a second to an hour. */
const waitAfter = ({ tries }: DeliveryTurn): number => Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));

/**
 * Works off the deliveries of a connection: those about one record one after another, others at once. Resolves with how
 * many were done when the signal is aborted, or, with `untilEmpty`, when nothing is left that can be taken now.
 * @throws ConnectorError of the inbox, after the work under way; what `failed` throws.
 */
export const drainInbox = async (options: DrainOptions): Promise<number> => {
  const { clock = systemClock, leaseMs = 60_000, pollMs = 1_000, concurrency = 4, signal } = options;
  const broken = new AbortController();
  const stop = signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal]);
  const drain: Drain = { ...options, clock, leaseMs, pollMs, stop };
  const lanes = Array.from({ length: concurrency }, async () => {
    try {
      return await lane(drain);
    } catch (thrown) {
      broken.abort(thrown);
      throw thrown;
    }
  });
  const ends = await Promise.allSettled(lanes);
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return ends.reduce((total, end) => total + (end.status === 'fulfilled' ? end.value : 0), 0);
};

const lane = async (drain: Drain): Promise<number> => {
  const { inbox, connection, leaseMs, pollMs, clock, stop, untilEmpty = false } = drain;
  let count = 0;
  while (!stop.aborted) {
    const [delivery] = await inbox.take({ connection, limit: 1, leaseMs });
    if (delivery === undefined) {
      if (untilEmpty) return count;
      await sleep(clock, pollMs, stop).catch(() => undefined);
    } else if (stop.aborted) {
      await inbox.hold([delivery], clock.now()); // it came while we were told to stop
    } else {
      count += await work(delivery, drain);
    }
  }
  return count;
};

/** Keeps the lease while the work is under way; the answer ends that. A lease that cannot be kept runs out. */
const renewing = (delivery: TakenDelivery, { inbox, clock, leaseMs }: Drain): (() => void) => {
  let cancel = (): void => {};
  let isOver = false;
  const next = (): void => {
    cancel = clock.schedule(async () => {
      await inbox.hold([delivery], clock.now() + leaseMs).catch(() => undefined);
      if (!isOver) next();
    }, leaseMs / 3);
  };
  next();
  return () => {
    isOver = true;
    cancel();
  };
};

const work = async (delivery: TakenDelivery, drain: Drain): Promise<number> => {
  const { inbox, handle, clock, stop, failed } = drain;
  const stopRenewing = renewing(delivery, drain);
  let verdict: 'again' | 'done' | 'stopped' = 'done';
  try {
    await handle(delivery, { signal: stop });
  } catch (thrown) {
    // Work that was told to stop has not failed.
    verdict = stop.aborted ? 'stopped' : ((await failed?.(delivery, thrown)) ?? 'again');
  } finally {
    stopRenewing();
  }
  if (verdict === 'done') await inbox.done([delivery]);
  else await inbox.hold([delivery], clock.now() + (verdict === 'stopped' ? 0 : waitAfter(delivery)));
  return verdict === 'done' ? 1 : 0;
};
