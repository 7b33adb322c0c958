import type { HubSpotSettings } from '../settings.ts';

/** The limit that a request ran into. */
export type LimitName = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

/** Counters of one account; they live in memory, a restarted stand-in starts with full windows. */
export type Limits = {
  /** Counts a request, or answers the limit that refuses it (refused ones are not counted). */
  take(search: boolean, now: number): LimitName | undefined;
  remaining(now: number): { tenSeconds: number; second: number; day: number };
  clear(): void;
};

type Window = { used(now: number): number; add(now: number): void; clear(): void };

/** A rolling window over the times of the counted requests. */
function rollingWindow(milliseconds: number): Window {
  let times: number[] = [];
  let head = 0;
  const used = (now: number): number => {
    while (head < times.length && (times[head] ?? 0) <= now - milliseconds) head += 1;
    if (head > 1024) {
      times = times.slice(head);
      head = 0;
    }
    return times.length - head;
  };
  return {
    used,
    add: (now) => void times.push(now),
    clear: () => {
      times = [];
      head = 0;
    },
  };
}

/** A count that starts anew at midnight UTC. */
function dailyWindow(): Window {
  let day = -1;
  let count = 0;
  const used = (now: number): number => {
    const today = Math.floor(now / 86_400_000);
    if (today !== day) count = 0;
    day = today;
    return count;
  };
  return {
    used,
    add: (now) => {
      count = used(now) + 1;
    },
    clear: () => {
      count = 0;
    },
  };
}

/** The three limits of the vendor: ten-secondly rolling, secondly for search alone, daily for both. */
export function createLimits(settings: HubSpotSettings): Limits {
  const tenSeconds = rollingWindow(10_000);
  const second = rollingWindow(1000);
  const day = dailyWindow();
  return {
    take: (search, now) => {
      if (day.used(now) >= settings.requestsPerDay) return 'DAILY';
      if (search && second.used(now) >= settings.searchesPerSecond) return 'SECONDLY';
      if (!search && tenSeconds.used(now) >= settings.requestsPerTenSeconds) return 'TEN_SECONDLY_ROLLING';
      day.add(now);
      (search ? second : tenSeconds).add(now);
      return undefined;
    },
    remaining: (now) => ({
      tenSeconds: settings.requestsPerTenSeconds - tenSeconds.used(now),
      second: settings.searchesPerSecond - second.used(now),
      day: settings.requestsPerDay - day.used(now),
    }),
    clear: () => {
      for (const window of [tenSeconds, second, day]) window.clear();
    },
  };
}
