import { expect, test } from 'vitest';
import { hasNestedRepetition, nestedRepetitions } from './architecture/patterns.ts';
import { readHouse } from './house.ts';

test('case 120: no pattern of the packages has a repetition inside a repetition', () => {
  expect(nestedRepetitions(readHouse()).join('\n')).toBe('');
});

test('a pattern is named by its place', () => {
  const house = {
    packages: [],
    servers: [],
    sources: [{ path: 'packages/a/src/a.ts', text: 'const a = 1;\nconst b = /^(a+)+$/;' }],
  };
  expect(nestedRepetitions(house)).toEqual([expect.stringMatching(/^packages\/a\/src\/a\.ts:2: /)]);
});

test.each([
  '(a+)+',
  '(a*)*$',
  '^(?:\\w+\\s?)*$',
  '((a|b)+c)*',
  '(?:[^)]+)+',
  '([a-z]{2,})+',
  '(.*x){3,}',
  '(-[a-z-]+)*',
  '(?:.\\d+)+',
  '(a|b+)*',
])('%s may take forever', (pattern) => {
  expect(hasNestedRepetition(pattern)).toBe(true);
});

test.each([
  'a+b*',
  '^(-?)(\\d+)(?:\\.(\\d+))?$',
  '(?:ab)+',
  '[(a+)+]+',
  '\\(a+\\)+',
  '(?:,\\s{1,3})*',
  '^[a-z](?:-[a-z])*$',
])('%s does not', (pattern) => {
  expect(hasNestedRepetition(pattern)).toBe(false);
});
