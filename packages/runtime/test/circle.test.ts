import { expect, test } from 'vitest';
import { circleGuard } from '../src/paging/circle.ts';
import { thrownBy } from './support/connection.ts';

test('a cursor that comes back is refused at once', () => {
  const refuse = circleGuard();
  refuse('a');
  refuse('b');
  expect(thrownBy(() => refuse('a')).code).toBe('unexpected-content');
});

test('a circle longer than what is remembered is met after a few rounds', () => {
  const refuse = circleGuard();
  const length = 5_000;
  let told = 0;
  const error = thrownBy(() => {
    for (; told < 10 * length; told += 1) refuse(String(told % length));
  });
  expect(error.code).toBe('unexpected-content');
  expect(told).toBeLessThan(5 * length);
});

test('a long walk without a circle is never refused', () => {
  const refuse = circleGuard();
  for (let told = 0; told < 50_000; told += 1) refuse(String(told));
});
