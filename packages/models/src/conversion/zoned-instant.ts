import { isDay } from './calendar.ts';
import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';
import { validDate } from './instants.ts';
import { instantOf, instantsOf, type OffsetAt, type WallTime, type ZonePolicy, zoneOffset } from './zone.ts';

export type { ZonePolicy } from './zone.ts';

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

const wallTime = (text: string): WallTime => {
  const found = form.exec(text);
  if (found === null) throw refused('is not a date and time without a zone such as 2026-11-23T08:30:00');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (!isDay({ year, month, day }) || hour > 23 || minute > 59 || second > 59)
    throw refused('is no time of the calendar');
  const fraction = (found[7] ?? '').padEnd(3, '0');
  // Cut off in silence, a microsecond would be written back as a zero.
  if (/[1-9]/.test(fraction.slice(3))) throw refused('is more precise than a millisecond');
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3)));
  return wall.getTime();
};

const wallText = (wall: WallTime, separator: 'T' | ' '): string => {
  const text = validDate(new Date(wall)).toISOString();
  if (!/^\d{4}-/.test(text)) throw refused('is a year that four digits cannot say');
  const [day = '', time = ''] = text.slice(0, -1).split('T');
  return `${day}${separator}${time.replace(/\.000$/, '')}`;
};

/** How texts of a zone are read and written. */
export interface ZonedText {
  /** Between date and time on the way out; both are read. */
  readonly separator?: 'T' | ' ';
}

const reject: ZonePolicy = { gap: 'reject', overlap: 'reject' };

const single = (instant: number, offsetAt: OffsetAt): WallTime => {
  const wall = instant + offsetAt(instant);
  if (instantsOf(wall, offsetAt).length > 1) throw refused('falls into an hour that clocks of its zone show twice');
  return wall;
};

/**
 * Date and time without a zone, of a vendor whose zone is known: to a `Date` and back. Text with a zone or offset is
 * refused: `isoInstant` reads it. Without a policy, times that the zone's clocks skip or show twice are refused in both
 * directions; with one they are read as it says, and a repeated hour no longer survives the round trip.
 * @param zone IANA name, for instance `Europe/Berlin`; `Etc/GMT+5` style names for fixed offsets.
 * @throws RangeError for an unknown zone.
 * @example
 * ```ts
 * import { zonedInstant } from '@mortise/models';
 * const berlin = zonedInstant('Europe/Berlin', { gap: 'later', overlap: 'earlier' });
 * berlin.decode('2026-07-01T12:00:00'); // 10:00 UTC
 * ```
 */
export function zonedInstant(zone: string, options?: ZonedText): ModelConverter<string, Date>;
export function zonedInstant(zone: string, options: ZonePolicy & ZonedText): LossyModelConverter<string, Date>;
export function zonedInstant(
  zone: string,
  { separator = 'T', ...given }: Partial<ZonePolicy> & ZonedText = {},
): ModelConverter<string, Date> | LossyModelConverter<string, Date> {
  const offsetAt = zoneOffset(zone);
  const policy = { ...reject, ...given };
  const isStrict = policy.overlap === 'reject';
  const isLossy = given.gap !== undefined || given.overlap !== undefined;
  const wallOf = (instant: number) => (isStrict ? single(instant, offsetAt) : instant + offsetAt(instant));
  return {
    name: `time in ${zone}`,
    decode: (text) => new Date(instantOf(wallTime(text), { offsetAt, policy })),
    encode: (instant) => wallText(wallOf(validDate(instant).getTime()), separator),
    ...(isLossy && { loss: 'times that clocks skip, and which pass of an hour that they show twice' }),
  };
}
