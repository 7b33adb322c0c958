/** Tokens that repeats cost, so that a vendor in trouble is not stormed. */
const cost = { throttled: 5, transient: 10 };

/** Why a call is repeated. */
export type RetryReason = keyof typeof cost;

/** A bucket of retry tokens, one for each connection. */
export interface RetryBudget {
  /** Takes the tokens of one repeat; false when they are not there. */
  readonly take: (reason: RetryReason) => boolean;
  /** Gives tokens back: those of the repeat that succeeded, or one for a plain success. */
  readonly refund: (reason: RetryReason | undefined) => void;
}

/** Makes a full bucket of so many tokens. */
export const retryBudget = (capacity: number): RetryBudget => {
  let tokens = capacity;
  return {
    take: (reason) => {
      if (tokens < cost[reason]) return false;
      tokens -= cost[reason];
      return true;
    },
    refund: (reason) => {
      tokens = Math.min(capacity, tokens + (reason === undefined ? 1 : cost[reason]));
    },
  };
};
