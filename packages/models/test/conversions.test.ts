import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  choice,
  decimalNumber,
  decimalText,
  eachOf,
  epochMilliseconds,
  epochSeconds,
  joinedText,
  minorMoney,
  numberMoney,
  numberText,
  plainDate,
  spelledBoolean,
  trimmed,
  zonedInstant,
} from '../src/index.ts';

const reasonOf = (act: () => unknown): string => {
  try {
    return `gave ${JSON.stringify(act())}`;
  } catch (thrown) {
    return thrown instanceof RangeError ? thrown.message : `threw ${String(thrown)}`;
  }
};

test('a reason carries the brand by which mappings pass it on, and never the value', () => {
  const refusal = Symbol.for('mortise.conversion-refused');
  for (const act of [
    () => numberText.decode('canary'),
    () => plainDate().decode('canary'),
    () => decimalText.decode('canary'),
  ]) {
    try {
      act();
      expect.unreachable();
    } catch (thrown) {
      expect(thrown instanceof RangeError && refusal in thrown).toBe(true);
      expect(String(thrown)).not.toContain('canary');
    }
  }
});

test.each(['', ' ', 'abc', '1,5', '0x10', '1 000', 'NaN', 'Infinity', '1e999'])('%j is no number', (text) => {
  expect(reasonOf(() => numberText.decode(text))).toMatch(/^is not a/);
});

test('a whole number that would lose digits is refused both ways', () => {
  expect(reasonOf(() => numberText.decode('9007199254740993'))).toContain('beyond 2^53');
  expect(reasonOf(() => numberText.encode(2 ** 53))).toContain('beyond 2^53');
});

test('decimal text keeps every digit, whatever its length', () => {
  const text = `0.${'1234567890'.repeat(20)}`;
  expect(decimalText.decode(text)).toBe(text);
  for (const wrong of ['1e3', '+1', '.5', '1,5', '1.', 'NaN'])
    expect(reasonOf(() => decimalText.decode(wrong))).toMatch(/^is not/);
});

test('a JSON number becomes decimal text without a float in between, or is refused', () => {
  const known: [number, string][] = [
    [19.99, '19.99'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [1e15, '1000000000000000'],
    [-0, '0'],
  ];
  for (const [value, text] of known) expect(decimalNumber.decode(value)).toBe(text);
  expect(reasonOf(() => decimalNumber.decode(0.1 + 0.2))).toContain('more than 15 digits');
  expect(reasonOf(() => decimalNumber.encode('1234567890.1234567'))).toContain('more than 15 digits');
  expect(reasonOf(() => decimalNumber.decode(Number.NaN))).toBe('is not a finite number');
});

test('any decimal number of up to 15 digits survives as a JSON number', () => {
  const digits = fc.tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(digits, ([whole, places]) => {
      const text = (whole / 10 ** places).toFixed(places);
      expect(Number(decimalNumber.decode(decimalNumber.encode(text)))).toBe(Number(text));
    }),
  );
});

test('amounts keep the digits of their currency, none for yen and three for dinar', () => {
  expect(numberMoney('EUR').decode(19.99)).toEqual({ amountMinor: 1999, currency: 'EUR' });
  expect(numberMoney('JPY').decode(1000)).toEqual({ amountMinor: 1000, currency: 'JPY' });
  expect(numberMoney('KWD').encode({ amountMinor: 1234, currency: 'KWD' })).toBe(1.234);
  expect(minorMoney('JPY').decode(1000)).toEqual({ amountMinor: 1000, currency: 'JPY' });
  expect(reasonOf(() => numberMoney('JPY').decode(1000.5))).toBe('amount has more than 0 decimal digits');
  expect(reasonOf(() => numberMoney('EUR').decode(1.234))).toBe('amount has more than 2 decimal digits');
  expect(reasonOf(() => minorMoney('EUR').decode(12.5))).toContain('not a safe integer');
  for (const make of [numberMoney, minorMoney]) {
    expect(reasonOf(() => make('EUR').encode({ amountMinor: 1, currency: 'USD' }))).toBe('amount is not in EUR');
  }
});

test('epoch numbers are whole, and reach beyond 2038', () => {
  expect(epochSeconds.decode(2 ** 32).toISOString()).toBe('2106-02-07T06:28:16.000Z');
  expect(epochMilliseconds.decode(4e12).toISOString()).toBe('2096-10-02T07:06:40.000Z');
  for (const { decode } of [epochSeconds, epochMilliseconds]) {
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 9e15])
      expect(reasonOf(() => decode(value))).toMatch(/^is not a/);
  }
});

test('a day is a day of the calendar, in the layout of the vendor', () => {
  const german = plainDate('DD.MM.YYYY');
  expect(german.decode('29.02.2024')).toBe('2024-02-29');
  expect(german.encode('2024-02-29')).toBe('29.02.2024');
  for (const text of ['29.02.2023', '31.04.2026', '00.01.2026', '01.13.2026']) {
    expect(reasonOf(() => german.decode(text))).toBe('is no day of the calendar');
  }
  expect(reasonOf(() => german.decode('2024-02-29'))).toBe('is not a date of the form DD.MM.YYYY');
  expect(reasonOf(() => plainDate('DD.MM.YY'))).toContain('once each');
});

test.each([
  ['T', 'F'],
  ['Y', 'N'],
  ['yes', 'no'],
  ['true', 'false'],
  ['1', '0'],
])('%s and %s are read as they are spelled, and written so', (yes, no) => {
  const flag = spelledBoolean(yes, no);
  expect([flag.decode(yes), flag.decode(no), flag.encode(true), flag.encode(false)]).toEqual([true, false, yes, no]);
  for (const other of ['', yes.toUpperCase() + no, ' ', 'FALSE'])
    expect(reasonOf(() => flag.decode(other))).toMatch(/^is no spelling/);
});

test('1 and 0 as numbers are no texts, and other spellings are read where declared', () => {
  const bit = spelledBoolean(1, 0);
  expect([bit.decode(1), bit.decode(0), bit.encode(true)]).toEqual([true, false, 1]);
  const lenient = spelledBoolean('T', 'F', { alsoTrue: ['true', 1], alsoFalse: ['', 0] });
  expect(['true', 1, '', 0].map(lenient.decode)).toEqual([true, true, false, false]);
  expect(lenient.loss).toBe('spellings other than "T" | "F"');
  expect(() => spelledBoolean('T', 'T')).toThrow('one spelling stands for both');
});

test('a choice that is not in the table is refused, kept or falls back, as declared', () => {
  const pairs = { A: 'active', C: 'closed' } as const;
  const strict = choice(pairs);
  expect(strict.decode('A')).toBe('active');
  expect(strict.encode('closed')).toBe('C');
  for (const odd of ['X', '', 'constructor', '__proto__'])
    expect(reasonOf(() => strict.decode(odd))).toBe('is none of the known choices');
  const kept = choice(pairs, { unknown: 'keep' });
  expect([kept.decode('X'), kept.encode('X')]).toEqual(['X', 'X']);
  expect(reasonOf(() => kept.decode('active'))).toContain('has the name of a known one');
  const fallback = choice(pairs, { unknown: { use: 'other' } });
  expect(fallback.decode('X')).toBe('other');
  expect(reasonOf(() => fallback.encode('other'))).toContain('no choice that the vendor has a value for');
  expect(fallback.loss).toBe('unknown choices');
  const also = choice(pairs, { also: { a: 'active' } });
  expect([also.decode('a'), also.encode('active')]).toEqual(['active', 'A']);
  expect(() => choice({ A: 'active', B: 'active' })).toThrow("into 'also'");
});

test('a joined list comes back as it went, or is refused', () => {
  const list = joinedText(';');
  fc.assert(
    fc.property(fc.array(fc.string()), (elements) => {
      const lawful =
        elements.every((element) => !element.includes(';')) && !(elements.length === 1 && elements[0] === '');
      if (lawful) expect(list.decode(list.encode(elements))).toEqual(elements);
      else expect(reasonOf(() => list.encode(elements))).toMatch(/^(has an element|is a list)/);
    }),
  );
  expect(eachOf(numberText).decode(['1', '2'])).toEqual([1, 2]);
  expect(trimmed.decode('  Ada  ')).toBe('Ada');
});

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];

test.each(zones)('an instant of %s survives as zone-less text, or is refused where clocks show it twice', (zone) => {
  const strict = zonedInstant(zone, { separator: ' ' });
  const bounds = { min: new Date('1980-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(bounds), (instant) => {
      const text = reasonOf(() => strict.encode(instant));
      if (!text.startsWith('gave')) return expect(text).toContain('show twice');
      expect(strict.decode(strict.encode(instant))).toEqual(instant);
    }),
    { numRuns: 60 },
  );
});

test('half an hour is skipped and repeated on Lord Howe, and a whole day on Samoa', () => {
  const lordHowe = zonedInstant('Australia/Lord_Howe', { gap: 'later', overlap: 'later' });
  expect(lordHowe.decode('2026-10-04T02:10:00').toISOString()).toBe('2026-10-03T15:40:00.000Z');
  expect(lordHowe.decode('2026-04-05T01:45:00').toISOString()).toBe('2026-04-04T15:15:00.000Z');
  expect(reasonOf(() => zonedInstant('Pacific/Apia').decode('2011-12-30T12:00:00'))).toContain('clocks skip');
});

test('text with a zone, a time that no calendar has and an unknown zone are refused', () => {
  const berlin = zonedInstant('Europe/Berlin');
  expect(reasonOf(() => berlin.decode('2026-07-01T12:00:00Z'))).toContain('without a zone');
  expect(reasonOf(() => berlin.decode('2026-02-29T12:00:00'))).toBe('is no time of the calendar');
  expect(reasonOf(() => berlin.decode('2026-07-01T12:00:00.123456'))).toContain('more precise than a millisecond');
  expect(berlin.decode('2026-07-01T12:00:00.120000').getUTCMilliseconds()).toBe(120);
  expect(() => zonedInstant('Europe/Atlantis')).toThrow('not an IANA time zone');
});
