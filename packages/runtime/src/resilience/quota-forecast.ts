/** A quota that nears its end. */
export interface QuotaLow {
  readonly quota: string;
  /** Units used in the window that is open now. */
  readonly used: number;
  /** Units that may be used, the reserve left out. */
  readonly limit: number;
  /** When the rest will be used up at the present rate, Unix milliseconds; absent where no rate is known. */
  readonly exhaustedAt?: number | undefined;
  /** When the first of what is used comes back, Unix milliseconds. */
  readonly resumeAt: number;
}

/** Where a limit stands. Times are monotonic milliseconds. */
export interface QuotaUse {
  readonly used: number;
  readonly limit: number;
  readonly now: number;
  /** Since when that much was used; absent where it is not known. */
  readonly since?: number | undefined;
  readonly resumeAt: number;
}

/** Is told of uses that are low, and tells of the one that matters. */
export type LowWatch = (use: QuotaUse) => void;

/** Share of a limit from which on its end is told. */
const lowShare = 0.8;

/** Whether so much of a limit is used that its end may be told; asked first, since most calls are far from it. */
export const isLow = (used: number, limit: number): boolean => used >= limit * lowShare;

/** A limit of a few seconds is low all the time while a sync runs at full speed: told once a minute at most. */
const quietMs = 60_000;

/** Tells of a limit that is low, once in its window. `tell` gets monotonic times. */
export const lowWatch = (
  perMs: number,
  tell: (use: QuotaUse & { exhaustedAt: number | undefined }) => void,
): LowWatch => {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (use) => {
    const { used, limit, now, since } = use;
    if (now < quietUntil) return;
    quietUntil = now + Math.max(quietMs, perMs);
    const exhaustedAt = since === undefined ? undefined : now + Math.max(0, limit - used) * ((now - since) / used);
    tell({ ...use, exhaustedAt });
  };
};
