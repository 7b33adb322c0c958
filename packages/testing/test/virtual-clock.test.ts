import type { Clock } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { virtualClock } from '../src/index.ts';

test('time stands still until it is advanced', async () => {
  const clock: Clock & { advance: (milliseconds: number) => Promise<void> } = virtualClock(1_000_000);
  expect([clock.now(), clock.monotonic()]).toEqual([1_000_000, 0]);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1_000_250, 250]);
});

test('what is scheduled runs in the order of its times, each at its own time', async () => {
  const clock = virtualClock(0);
  const ran: string[] = [];
  for (const milliseconds of [300, 100, 200]) {
    clock.schedule(() => ran.push(`${milliseconds} at ${clock.now()}`), milliseconds);
  }
  await clock.advance(250);
  expect(ran).toEqual(['100 at 100', '200 at 200']);
  await clock.advance(50);
  expect(ran).toEqual(['100 at 100', '200 at 200', '300 at 300']);
});

test('what is due at once runs at the next advance, in the order it was scheduled', async () => {
  const clock = virtualClock(0);
  const ran: number[] = [];
  for (const milliseconds of [0, -5, 0]) clock.schedule(() => ran.push(milliseconds), milliseconds);
  expect(ran).toEqual([]);
  await clock.advance(0);
  expect(ran).toEqual([0, -5, 0]);
  expect(clock.monotonic()).toBe(0);
});

test('what is scheduled again within one advance runs again, also behind a promise', async () => {
  const clock = virtualClock(0);
  const ticks: number[] = [];
  const tenLater = () => new Promise<void>((resolve) => void clock.schedule(resolve, 10));
  const tick = async (): Promise<void> => {
    for (;;) {
      await tenLater();
      ticks.push(clock.now());
    }
  };
  void tick();
  await clock.advance(35);
  expect(ticks).toEqual([10, 20, 30]);
});

test('what is cancelled never runs', async () => {
  const clock = virtualClock(0);
  const ran: string[] = [];
  const cancel = clock.schedule(() => ran.push('first'), 100);
  const cancelLate = clock.schedule(() => ran.push('second'), 150);
  cancel();
  await clock.advance(200);
  cancelLate();
  expect([ran, clock.now()]).toEqual([['second'], 200]);
});

test('the clock does not go back', async () => {
  const clock = virtualClock(0);
  await expect(clock.advance(-1)).rejects.toThrow(RangeError);
  await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
  expect(clock.now()).toBe(0);
});
