import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeLines } from '../src/protocols/rest/lines.ts';

const answerOf = (text: string | Buffer, type = 'application/x-ndjson') => ({
  status: 200,
  headers: { 'content-type': type },
  bytes: Buffer.from(text),
});
const judge = (text: string | Buffer, count?: number) => {
  const judged = judgeLines(answerOf(text), { count });
  return judged.ok ? judged.value.lines : judged.failure.code;
};

test('lines are read whatever their line ends, with and without a last one', () => {
  expect(judge('{"a":1}\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(judge('\ufeff{"a":1}\r\n\r\n{"a":2}\r\n')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(judge('{"a":1}\n{"a":2}')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(judge('')).toEqual([]);
  expect(judge('1\n"x"\n')).toEqual([1, 'x']);
});

test('a line that is no JSON in the middle of the file is not a cut', () => {
  expect(judge('{"a":1}\nerror\n{"a":2}\n')).toBe('unexpected-content');
});

test('a page of HTML is no file of lines', () => {
  const judged = judgeLines(answerOf('<p>log in', 'text/html; charset=utf-8'), {});
  expect(judged).toMatchObject({ ok: false, failure: { code: 'unexpected-content' } });
});

test('integers keep their digits', () => {
  expect(judge('{"id":9007199254740993}\n')).toEqual([{ id: '9007199254740993' }]);
});

const records = fc.array(fc.record({ id: fc.nat(), name: fc.string() }), { minLength: 1, maxLength: 8 });

test('a file of records that is cut anywhere is truncated, or ends between two lines where no count can tell', () => {
  fc.assert(
    fc.property(records, fc.nat(), (given, at) => {
      const texts = given.map((record) => JSON.stringify(record));
      const whole = Buffer.from(`${texts.join('\n')}\n`);
      const cut = whole.subarray(0, at % whole.length);
      const lines = judge(cut);
      if (lines === 'truncated') return;
      expect(lines).toEqual(given.slice(0, lines.length));
      expect(texts.slice(0, lines.length).join('\n')).toBe(cut.toString().replace(/\n$/, ''));
    }),
    { numRuns: 500 },
  );
});

test('with a count, every cut file that has lost a record is truncated', () => {
  fc.assert(
    fc.property(records, fc.nat(), (given, at) => {
      const whole = Buffer.from(given.map((record) => `${JSON.stringify(record)}\n`).join(''));
      // Without its last newline, the file still has all its records.
      const cut = whole.subarray(0, at % (whole.length - 1));
      expect(judge(cut, given.length)).toBe('truncated');
      expect(judge(whole, given.length)).toEqual(given);
    }),
    { numRuns: 500 },
  );
});
