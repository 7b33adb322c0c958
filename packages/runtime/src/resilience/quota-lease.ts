import type { Clock } from './clock.ts';
import { isLow, type LowWatch } from './quota-forecast.ts';
import type { QuotaLedger } from './quota-ledger.ts';
import type { QuotaDemand } from './quota-limit.ts';
import { urgentReserve, usable, type WindowRule } from './quota-rule.ts';
import type { LearningLimit } from './quota-window.ts';

/** How a lease gets its units and tells of them. */
export interface LeaseOptions {
  readonly ledger: QuotaLedger;
  /** Id of the connection, which all processes that share the quota give alike. */
  readonly connection: string;
  readonly clock: Clock;
  readonly reserve: number;
  readonly watch: LowWatch;
  /** Units came, or did not: calls that wait should look again. */
  readonly wake: () => void;
  /** The ledger failed: calls that wait cannot be let through. */
  readonly fail: (error: unknown) => void;
}

/** Slices of a window; what is used of it at most is that many parts out of one more. */
const slicesOfWindow = 10;
const shortestSliceMs = 100;
const longestSliceMs = 5_000;
/** A daily limit is counted in slices of two minutes: seven hundred rows to add up, not seventeen thousand. */
const mostSlices = 720;

/** Length of a slice: 1 to 5 s for windows of 10 s to an hour. */
const sliceLength = (perMs: number): number => {
  const tenth = Math.min(longestSliceMs, Math.max(shortestSliceMs, perMs / slicesOfWindow));
  return Math.ceil(Math.max(tenth, perMs / mostSlices));
};

/** Nobody asks for more than this part of a limit at once, so that others get theirs. */
const chunks = 8;

/**
 * Time in slices, the same for all processes of a machine. Goes on by the monotonic clock, because wall time that is
 * set back would count requests twice; looks at the wall again when nothing that was sent can count any more.
 */
const sliceTime = (clock: Clock, { sliceMs, windowMs }: { sliceMs: number; windowMs: number }) => {
  let offset = clock.now() - clock.monotonic();
  let lastSent = Number.NEGATIVE_INFINITY;
  return {
    at: (now: number): number => {
      if (now - lastSent > windowMs) offset = clock.now() - clock.monotonic();
      return Math.floor((now + offset) / sliceMs);
    },
    startOf: (slice: number): number => slice * sliceMs - offset,
    sent: (now: number) => {
      lastSent = now;
    },
  };
};

/** Units of the slice that is open now. */
const sliceUnits = () => {
  let slice = Number.NaN;
  let left = 0;
  let sent = 0;
  return {
    /** What was left of an older slice is lost: it counts as used, and nobody may send it. */
    turnTo: (current: number) => {
      if (current === slice) return;
      slice = current;
      left = 0;
      sent = 0;
    },
    slice: () => slice,
    left: () => left,
    sent: () => sent,
    add: (units: number) => {
      left += units;
    },
    cap: (units: number) => {
      left = Math.min(left, units);
    },
    send: (units: number) => {
      left -= units;
      sent += units;
    },
  };
};

/**
 * A rolling window that several processes share: each asks the ledger for units of the slice of time that is open now,
 * and sends only inside that slice.
 */
export const quotaLease = (rule: WindowRule, options: LeaseOptions): LearningLimit => {
  const { ledger, connection, clock, reserve, watch, wake, fail } = options;
  const { perMs } = rule;
  const sliceMs = sliceLength(perMs);
  const windowSlices = Math.ceil(perMs / sliceMs) + 1;
  const name = `${connection}.${rule.name}.${perMs}`;
  const time = sliceTime(clock, { sliceMs, windowMs: windowSlices * sliceMs });
  const units = sliceUnits();
  let limit = usable(rule.requests, reserve);
  let urgentLimit = usable(rule.requests, urgentReserve(reserve));
  let isAsking = false;
  /** Monotonic times before which asking is of no use. */
  let nextAsk = Number.NEGATIVE_INFINITY;
  let nextUrgentAsk = Number.NEGATIVE_INFINITY;

  const costOf = (cost: number) => (rule.unit === 'points' ? Math.min(cost, limit) : 1);

  /** What waits, and as much again as this slice has seen, for calls that come one after the other. */
  const wanted = (own: number, { queued }: QuotaDemand): number =>
    Math.max(own, Math.min(queued + units.sent(), Math.ceil(limit / chunks)));

  const ask = async (demand: QuotaDemand, intoReserve: boolean) => {
    const own = costOf(demand.cost);
    const slice = units.slice();
    const most = intoReserve ? urgentLimit : limit;
    const want = intoReserve ? own : wanted(own, demand);
    const grant = await ledger.take({ name, slice, windowSlices, limit: most, want, atLeast: own });
    const now = clock.monotonic();
    units.turnTo(time.at(now));
    if (units.slice() === slice) units.add(grant.granted);
    const next = time.startOf(grant.nextSlice);
    if (grant.nextSlice > slice && intoReserve) nextUrgentAsk = next;
    else if (grant.nextSlice > slice) nextAsk = next;
    if (isLow(grant.used, limit)) watch({ used: grant.used, limit, now, since: now - perMs, resumeAt: next });
  };

  const refill = (demand: QuotaDemand, intoReserve: boolean) => {
    isAsking = true;
    const over = (tell: () => void) => {
      isAsking = false;
      tell();
    };
    ask(demand, intoReserve).then(
      () => over(wake),
      (error: unknown) => over(() => fail(error)),
    );
  };

  return {
    rule,
    wait: (demand, now) => {
      units.turnTo(time.at(now));
      if (units.left() >= costOf(demand.cost)) return 0;
      if (isAsking) return Number.POSITIVE_INFINITY;
      const isDry = now < nextAsk;
      if (isDry && !demand.isUrgent) return nextAsk - now;
      if (isDry && now < nextUrgentAsk) return Math.min(nextAsk, nextUrgentAsk) - now;
      refill(demand, isDry);
      return Number.POSITIVE_INFINITY;
    },
    isAsking: () => isAsking,
    take: (cost, now) => {
      units.send(costOf(cost));
      time.sent(now);
    },
    learn: (status) => {
      limit = usable(status.limit, reserve);
      urgentLimit = usable(status.limit, urgentReserve(reserve));
      // Less is left at the vendor than is held here: somebody outside uses the account too.
      if (status.remaining !== undefined) units.cap(status.remaining);
    },
  };
};
