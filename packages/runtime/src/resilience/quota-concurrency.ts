import type { QuotaLimit } from './quota-limit.ts';
import { type ConcurrencyRule, urgentReserve, usable } from './quota-rule.ts';

/** Counts the requests under way. */
export const quotaConcurrency = ({ concurrent }: ConcurrencyRule, reserve: number): QuotaLimit => {
  const most = usable(concurrent, reserve);
  const urgentMost = usable(concurrent, urgentReserve(reserve));
  let underWay = 0;
  return {
    wait: ({ isUrgent }) => (underWay < (isUrgent ? urgentMost : most) ? 0 : Number.POSITIVE_INFINITY),
    take: () => {
      underWay += 1;
    },
    release: () => {
      underWay -= 1;
    },
  };
};
