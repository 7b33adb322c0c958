import { expect, test } from 'vitest';
import { virtualClock } from '../src/index.ts';

test('time stands still until it is advanced', async () => {
  const clock = virtualClock(1_000_000);
  expect([clock.now(), clock.monotonic()]).toEqual([1_000_000, 0]);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1_000_250, 250]);
});

test('sleepers wake in the order of their times, each at its own time', async () => {
  const clock = virtualClock(0);
  const woken: string[] = [];
  for (const milliseconds of [300, 100, 200]) {
    void clock.sleep(milliseconds).then(() => woken.push(`${milliseconds} at ${clock.now()}`));
  }
  await clock.advance(250);
  expect(woken).toEqual(['100 at 100', '200 at 200']);
  await clock.advance(50);
  expect(woken).toEqual(['100 at 100', '200 at 200', '300 at 300']);
});

test('a sleeper that sleeps again within one advance wakes again', async () => {
  const clock = virtualClock(0);
  const ticks: number[] = [];
  async function tick(): Promise<void> {
    for (;;) {
      await clock.sleep(10);
      ticks.push(clock.now());
    }
  }
  void tick();
  await clock.advance(35);
  expect(ticks).toEqual([10, 20, 30]);
});

test('an aborted sleep rejects with the reason of the signal', async () => {
  const clock = virtualClock(0);
  const controller = new AbortController();
  const sleep = clock.sleep(100, controller.signal);
  controller.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
  await expect(clock.sleep(1, AbortSignal.abort('early'))).rejects.toBe('early');
  await clock.advance(200);
  expect(clock.now()).toBe(200);
});

test('the clock does not go back', async () => {
  const clock = virtualClock(0);
  await expect(clock.advance(-1)).rejects.toThrow(RangeError);
  await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
  expect(clock.now()).toBe(0);
});
