import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isConnectorError } from '../src/index.ts';
import { lineSplitter } from '../src/protocols/rest/lines.ts';

/** What a file of these pieces comes to: its lines, or the code of its error. */
const read = (pieces: readonly (string | Buffer)[], contentType = 'application/x-ndjson', maxLineBytes = 1_000) => {
  const splitter = lineSplitter({ begin: 0, contentType, maxLineBytes });
  try {
    return [...pieces.flatMap((piece) => splitter.add(Buffer.from(piece))), ...splitter.end()];
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown.code;
    throw thrown;
  }
};
const values = (...pieces: readonly (string | Buffer)[]) => {
  const lines = read(pieces);
  return typeof lines === 'string' ? lines : lines.map(({ value }) => value);
};

/** Cuts bytes at these places. */
const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
};

test('lines are read whatever their line ends, with and without a last one', () => {
  expect(values('{"a":1}\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(values('\ufeff{"a":1}\r\n\r\n{"a":2}\r\n')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(values('{"a":1}\n{"a":2}')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(values('')).toEqual([]);
  expect(values('1\n"x"\n')).toEqual([1, 'x']);
});

test('each line says how many bytes lie before it', () => {
  expect(read(['{"a":"ä"}\n\n{"a":2}'])).toEqual([
    { value: { a: 'ä' }, begin: 0 },
    { value: { a: 2 }, begin: 12 },
  ]);
});

test('a line that is no JSON in the middle of the file is not a cut', () => {
  expect(values('{"a":1}\nerror\n{"a":2}\n')).toBe('unexpected-content');
});

test('integers keep their digits', () => {
  expect(values('{"id":9007199254740993}\n')).toEqual([{ id: '9007199254740993' }]);
});

test('bytes that are no text of their charset are refused, and a charset that is stated is read', () => {
  expect(values(Buffer.from('{"a":"\xff"}\n', 'latin1'))).toBe('unexpected-content');
  const lines = read([Buffer.from('{"a":"\xe4"}\n', 'latin1')], 'application/x-ndjson; charset=iso-8859-1');
  expect(lines).toEqual([{ value: { a: 'ä' }, begin: 0 }]);
});

test('a line beyond its cap is refused before it has ended', () => {
  expect(read(['{"a":"', 'x'.repeat(600), 'x'.repeat(600)])).toBe('too-large');
  expect(read([`{"a":"${'x'.repeat(900)}"}\n`.repeat(5)])).toHaveLength(5);
});

const records = fc.array(fc.record({ id: fc.nat(), name: fc.string({ unit: 'grapheme' }) }), {
  minLength: 1,
  maxLength: 8,
});

test('a file gives the same lines however its bytes are cut into pieces, also within a character', () => {
  fc.assert(
    fc.property(records, fc.array(fc.nat(), { maxLength: 12 }), (given, places) => {
      const bytes = Buffer.from(given.map((record) => `${JSON.stringify(record)}\n`).join(''));
      expect(values(...cutAt(bytes, places))).toEqual(given);
      expect(read(cutAt(bytes, places))).toEqual(read([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('a file of records that is cut anywhere is truncated, or ends between two lines where no count can tell', () => {
  fc.assert(
    fc.property(records, fc.nat(), (given, at) => {
      const texts = given.map((record) => JSON.stringify(record));
      const whole = Buffer.from(`${texts.join('\n')}\n`);
      const cut = whole.subarray(0, at % whole.length);
      const lines = values(cut);
      if (lines === 'truncated') return;
      expect(lines).toEqual(given.slice(0, lines.length));
      expect(texts.slice(0, lines.length).join('\n')).toBe(cut.toString().replace(/\n$/, ''));
    }),
    { numRuns: 500 },
  );
});
