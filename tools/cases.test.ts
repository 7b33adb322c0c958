import { expect, test } from 'vitest';
import { caseReport } from './setup/cases.mjs';

const passed = (title: string) => ({ title, status: 'passed' });

test('a case is proven by a passing test that is named after it', () => {
  const { lines, missing } = caseReport([passed('case 43: an empty page leads on'), passed('case 43: so do two')]);
  expect(lines).toContain('ok     case 43: an empty page leads on (and 1 more)');
  expect(missing).not.toContain(43);
});

test('a case without a test, or with one that failed or was skipped, is missing', () => {
  const { lines, missing } = caseReport([
    passed('case 44: a circle is found'),
    { title: 'case 44: so is a longer one', status: 'failed' },
    { title: 'case 45: another host', status: 'skipped' },
    passed('in case 46: nothing'),
  ]);
  expect(missing).toEqual(expect.arrayContaining([44, 45, 46]));
  expect(lines).toContain('FAILED case 46: no test');
});

test('the cases of the runtime are asked for, those of the store and the engine are not', () => {
  const { missing } = caseReport([]);
  expect(missing).toHaveLength(106);
  expect(missing).toEqual(expect.arrayContaining([1, 94, 109, 120]));
  expect(missing).not.toContain(95);
  expect(missing).not.toContain(121);
});
