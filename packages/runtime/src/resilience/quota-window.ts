import { isLow, type LowWatch } from './quota-forecast.ts';
import type { QuotaLimit } from './quota-limit.ts';
import { urgentReserve, usable, type WindowRule } from './quota-rule.ts';

/** What an answer says of a window. */
export interface WindowStatus {
  readonly limit: number;
  readonly remaining?: number | undefined;
  /** Milliseconds until what is used comes back; the length of the window where the vendor does not say. */
  readonly resetMs?: number | undefined;
}

/** A limit whose numbers answers teach. */
export interface LearningLimit extends QuotaLimit {
  readonly rule: WindowRule;
  readonly learn: (status: WindowStatus, now: number) => void;
}

interface Spent {
  /** When the first of these was sent. */
  readonly since: number;
  /** When the first of these leaves the window by itself, and when all of them do. */
  readonly firstUntil: number;
  until: number;
  cost: number;
}

/** A long window remembers its requests in this many portions at most, not one by one. */
const portions = 1_000;

/** Counts what one process sends in a rolling window. */
export const quotaWindow = (
  rule: WindowRule,
  { reserve, watch }: { readonly reserve: number; readonly watch: LowWatch },
): LearningLimit => {
  const { perMs } = rule;
  const grain = perMs / portions;
  const spent: Spent[] = [];
  let used = 0;
  let limit = usable(rule.requests, reserve);
  let urgentLimit = usable(rule.requests, urgentReserve(reserve));

  const forget = (now: number) => {
    while (spent[0] !== undefined && spent[0].until <= now) used -= spent.shift()?.cost ?? 0;
  };
  const costOf = (cost: number) => (rule.unit === 'points' ? Math.min(cost, limit) : 1);

  /** Milliseconds until so much of what was spent has left the window. */
  const untilFreed = (wanted: number, now: number): number => {
    let freed = 0;
    if (wanted <= 0) return 0;
    for (const portion of spent) {
      freed += portion.cost;
      if (freed >= wanted) return portion.until - now;
    }
    return 0;
  };

  const add = (cost: number, { since, until }: { since: number; until: number }) => {
    used += cost;
    let at = spent.length;
    while (at > 0 && (spent[at - 1]?.until ?? 0) > until) at -= 1;
    const last = spent[at - 1];
    if (last !== undefined && until - last.firstUntil < grain) {
      // The whole portion leaves with its last request: too late for the others, never too early.
      last.cost += cost;
      last.until = Math.max(last.until, until);
    } else spent.splice(at, 0, { since, firstUntil: until, until, cost });
  };

  return {
    rule,
    wait: ({ cost, aheadCalls, aheadCost, isUrgent }, now) => {
      forget(now);
      const most = isUrgent ? urgentLimit : limit;
      const wanted = costOf(cost) + (rule.unit === 'points' ? aheadCost : aheadCalls);
      // Whole windows pass for those ahead; what is left must fit behind what is used now.
      const rounds = Math.floor((wanted - 1) / most);
      return rounds * perMs + untilFreed(used + wanted - rounds * most - most, now);
    },
    take: (cost, now) => {
      add(costOf(cost), { since: now, until: now + perMs });
      if (!isLow(used, limit)) return;
      watch({ used, limit, now, since: spent[0]?.since ?? now, resumeAt: spent[0]?.until ?? now });
    },
    learn: (status, now) => {
      limit = usable(status.limit, reserve);
      urgentLimit = usable(status.limit, urgentReserve(reserve));
      if (status.remaining === undefined) return;
      forget(now);
      // Others use the same account: what they took counts as sent now, which is the safe side.
      const missing = Math.min(status.limit - status.remaining - used, status.limit);
      if (missing > 0) add(missing, { since: now, until: now + Math.min(perMs, status.resetMs ?? perMs) });
    },
  };
};
