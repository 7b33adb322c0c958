import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoInstant } from '../src/mapping/iso-instant.ts';

const instants = {
  '2026-11-23T08:30:00Z': '2026-11-23T08:30:00.000Z',
  '2026-11-23T08:30:00.123Z': '2026-11-23T08:30:00.123Z',
  '2026-11-23T08:30:00.123456Z': '2026-11-23T08:30:00.123Z',
  '2026-11-23t08:30:00z': '2026-11-23T08:30:00.000Z',
  '2026-11-23T08:30Z': '2026-11-23T08:30:00.000Z',
  '2026-11-23T08:30:00+05:30': '2026-11-23T03:00:00.000Z',
  '2026-11-23T08:30:00.000+0000': '2026-11-23T08:30:00.000Z',
  '2026-11-23T08:30:00-01': '2026-11-23T09:30:00.000Z',
  '2024-02-29T00:00:00Z': '2024-02-29T00:00:00.000Z',
  '0099-01-01T00:00:00Z': '0099-01-01T00:00:00.000Z',
};

test.each(Object.entries(instants))('the instant %s is read', (text, utc) => {
  expect(isoInstant.decode(text).toISOString()).toBe(utc);
});

test.each([
  '2026-11-23T08:30:00',
  '2026-11-23',
  '23.11.2026',
  '',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00.000Z',
  '2026-13-01T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:60:00Z',
  '1700000000',
])('the text %j is no instant', (text) => {
  expect(() => isoInstant.decode(text)).toThrow(/^is not (a date|an ISO 8601 instant)/);
});

test('an instant survives the way out and back', () => {
  const years = {
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(isoInstant.decode(isoInstant.encode(date))).toEqual(date);
    }),
  );
});

test('an invalid date is refused on the way out', () => {
  expect(() => isoInstant.encode(new Date(Number.NaN))).toThrow('is not a date');
});

test('a leap second is read as the last millisecond before it, never as a later one', () => {
  expect(isoInstant.decode('2016-12-31T23:59:60Z').toISOString()).toBe('2016-12-31T23:59:59.999Z');
  expect(isoInstant.decode('2017-01-01T05:29:60.500+05:30').toISOString()).toBe('2016-12-31T23:59:59.999Z');
  expect(() => isoInstant.decode('2016-12-31T23:58:60Z')).toThrow('is not a date');
});
