import { refused } from './converter.ts';

/** A time as a clock on a wall shows it, as if it were UTC: Unix milliseconds. */
export type WallTime = number;

/** How far a zone's clocks are ahead of UTC at an instant, milliseconds. */
export type OffsetAt = (instant: number) => number;

const hour = 3_600_000;

/**
 * Reads a zone's offsets from the runtime's own tables.
 * @throws RangeError when the name is none of the IANA time zones, for instance `Europe/Berlin`.
 */
export const zoneOffset = (zone: string): OffsetAt => {
  const options = {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...options, ...clock });
  } catch {
    throw new RangeError('zone is not an IANA time zone such as Europe/Berlin');
  }
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
    const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
    const wall = new Date(0);
    wall.setUTCFullYear(year, part('month') - 1, part('day'));
    wall.setUTCHours(part('hour'), part('minute'), part('second'));
    return wall.getTime() - Math.floor(instant / 1_000) * 1_000;
  };
};

/** What a time that clocks skip (gap) or show twice (overlap) stands for. */
export interface ZonePolicy {
  /** When clocks go forward: `later` counts on as if they had not, `earlier` as if they had before. */
  readonly gap: 'reject' | 'earlier' | 'later';
  /** When clocks go back: the first pass or the second. */
  readonly overlap: 'reject' | 'earlier' | 'later';
}

/** The instants at which the zone's clocks show a time: one, two in an overlap, none in a gap. */
export const instantsOf = (wall: WallTime, offsetAt: OffsetAt): readonly number[] => {
  // No zone changes its clocks twice in two days: the offsets on both sides of the time are all that it can have.
  const offsets = new Set([offsetAt(wall - 24 * hour), offsetAt(wall + 24 * hour)]);
  const candidates = [...offsets].map((offset) => wall - offset);
  return candidates.filter((instant) => instant + offsetAt(instant) === wall).sort((left, right) => left - right);
};

/** The one instant that a time stands for. */
export const instantOf = (wall: WallTime, { offsetAt, policy }: { offsetAt: OffsetAt; policy: ZonePolicy }): number => {
  const [first, second] = instantsOf(wall, offsetAt);
  if (first === undefined) {
    if (policy.gap === 'reject') throw refused('is a time that clocks skip in its zone');
    // Read by the offset before the change the time comes out later, by the one after it earlier.
    return wall - offsetAt(policy.gap === 'later' ? wall - 24 * hour : wall + 24 * hour);
  }
  if (second === undefined) return first;
  if (policy.overlap === 'reject') throw refused('is a time that clocks show twice in its zone');
  return policy.overlap === 'earlier' ? first : second;
};
