import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booleanText, epochMilliseconds, isoInstant, numberText, trimmed } from '../src/mapping/converters.ts';

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
      expect(epochMilliseconds.decode(epochMilliseconds.encode(date))).toEqual(date);
    }),
  );
});

test('an invalid date is refused on the way out', () => {
  expect(() => isoInstant.encode(new Date(Number.NaN))).toThrow('is not a date');
  expect(() => epochMilliseconds.encode(new Date(Number.NaN))).toThrow('is not a date');
});

test('milliseconds that are no whole number, or beyond all dates, are refused', () => {
  for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
    expect(() => epochMilliseconds.decode(value)).toThrow(/^is not a/);
  }
});

test.each(['', ' ', 'abc', '1,5', '0x10', '1 000', 'NaN', 'Infinity', '1e999'])('%j is no number', (text) => {
  expect(() => numberText.decode(text)).toThrow(/^is not a/);
});

test('a whole number that would lose digits is refused both ways', () => {
  expect(() => numberText.decode('9007199254740993')).toThrow('beyond 2^53');
  expect(() => numberText.encode(2 ** 53)).toThrow('beyond 2^53');
  expect(numberText.decode('-9007199254740991')).toBe(-Number.MAX_SAFE_INTEGER);
});

test('a number survives the way out and back', () => {
  const numbers = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
  fc.assert(
    fc.property(numbers, (value) => {
      expect(numberText.decode(numberText.encode(value))).toBe(value);
    }),
  );
});

test('true and false are read in any case, nothing else is', () => {
  expect(['true', 'TRUE', 'False'].map(booleanText.decode)).toEqual([true, true, false]);
  for (const text of ['', '1', 'yes', 'true ']) expect(() => booleanText.decode(text)).toThrow('is neither');
  expect([true, false].map(booleanText.encode)).toEqual(['true', 'false']);
});

test('trimmed text says what it loses', () => {
  expect(trimmed.decode('  Ada  ')).toBe('Ada');
  expect(trimmed.loss).toBe('surrounding spaces');
});
