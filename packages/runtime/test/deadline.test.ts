import { expect, test } from 'vitest';
import type { Clock } from '../src/index.ts';
import { deadlines } from '../src/resilience/deadline.ts';

/** A clock that moves when told, and counts its timers. */
const manualClock = () => {
  let now = 0;
  let timer: { at: number; callback: () => void } | undefined;
  let started = 0;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    schedule: (callback, milliseconds) => {
      expect(timer).toBeUndefined();
      started += 1;
      const mine = { at: now + milliseconds, callback };
      timer = mine;
      return () => {
        if (timer === mine) timer = undefined;
      };
    },
  };
  const advance = (milliseconds: number) => {
    const until = now + milliseconds;
    while (timer !== undefined && timer.at <= until) {
      const { at, callback } = timer;
      timer = undefined;
      now = at;
      callback();
    }
    now = until;
  };
  return { clock, advance, timers: () => started, isIdle: () => timer === undefined };
};

test('each expires at its own time, whatever the order in which they started', () => {
  const { clock, advance, isIdle } = manualClock();
  const { start } = deadlines(clock);
  const expired: number[] = [];
  for (const milliseconds of [50, 10, 30, 10, 40, 20]) start(milliseconds, () => expired.push(milliseconds));
  advance(9);
  expect(expired).toEqual([]);
  advance(1);
  expect(expired).toEqual([10, 10]);
  advance(100);
  expect(expired).toEqual([10, 10, 20, 30, 40, 50]);
  expect(isIdle()).toBe(true);
});

test('one that was stopped does not expire, and stopping it twice does no harm', () => {
  const { clock, advance } = manualClock();
  const { start, stop } = deadlines(clock);
  const expired: string[] = [];
  const first = start(10, () => expired.push('first'));
  start(20, () => expired.push('second'));
  stop(first);
  stop(first);
  advance(100);
  expect(expired).toEqual(['second']);
});

test('a thousand of one length take one timer, and none is left when the last has stopped', () => {
  const { clock, timers, isIdle } = manualClock();
  const { start, stop } = deadlines(clock);
  const running = Array.from({ length: 1_000 }, () => start(30_000, () => undefined));
  expect(timers()).toBe(1);
  for (const deadline of running) stop(deadline);
  expect(isIdle()).toBe(true);
});

test('what expires may start and stop others', () => {
  const { clock, advance } = manualClock();
  const { start, stop } = deadlines(clock);
  const expired: string[] = [];
  const other = start(10, () => expired.push('other'));
  start(5, () => {
    stop(other);
    start(5, () => expired.push('started by an expired one'));
  });
  advance(20);
  expect(expired).toEqual(['started by an expired one']);
});
