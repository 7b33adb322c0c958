import { expect, test } from 'vitest';
import type { Priority } from '../src/index.ts';
import { type AcquireOptions, type QuotaOptions, quotaGovernor } from '../src/resilience/quota.ts';
import type { QuotaRule } from '../src/resilience/quota-rule.ts';
import { start, testClock } from './support/clock.ts';
import { refusal, thrownBy } from './support/connection.ts';

const longestWaitMs = 60_000;

/** A governor on a clock that jumps, without a reserve unless given. */
const governing = (rules: readonly QuotaRule[], options: Partial<QuotaOptions> = {}) => {
  const clock = testClock();
  const governor = quotaGovernor(rules, { clock, reserve: 0, connection: 'acme', ...options });
  const acquire = (given: Partial<AcquireOptions> = {}) => governor.acquire('default', { longestWaitMs, ...given });
  return { clock, governor, acquire };
};

/** Whether a call must wait. */
const waits = (acquired: number | Promise<number>): boolean => {
  if (typeof acquired === 'number') return false;
  // The test is over before its turn comes, or its patience ends.
  acquired.catch(() => undefined);
  return true;
};

const window = (requests: number, perMs = 1_000) => ({ name: 'default', requests, perMs });

/** Starts calls of these priorities at once, and tells in which order they are served. */
const order = async (
  acquire: (given: Partial<AcquireOptions>) => number | Promise<number>,
  calls: readonly Priority[],
) => {
  const served: string[] = [];
  const number = (index: number) => `${calls[index]} ${index}`;
  await Promise.all(
    calls.map(async (priority, index) => {
      await acquire({ priority });
      served.push(number(index));
    }),
  );
  return served;
};

test('where there is room a unit is taken at once, without a promise', () => {
  const { acquire, clock } = governing([window(2)]);
  expect([acquire(), acquire()]).toEqual([0, 0]);
  expect(waits(acquire())).toBe(true);
  expect(clock.waits).toEqual([1_000]);
});

test('a name without a rule is not held up', () => {
  const { governor } = governing([window(1)]);
  for (let call = 0; call < 5; call += 1) expect(governor.acquire('other', { longestWaitMs })).toBe(0);
});

test('those who wait are served by priority, and by age within one', async () => {
  const { acquire } = governing([window(1)]);
  acquire();
  const calls = ['backfill', 'sync', 'interactive', 'webhook', 'sync', 'interactive'] as const;
  expect(await order(acquire, calls)).toEqual([
    ...['interactive 2', 'interactive 5', 'webhook 3', 'sync 1', 'sync 4', 'backfill 0'],
  ]);
});

test('a newcomer does not overtake those of its own priority who wait', async () => {
  const { acquire, clock } = governing([{ ...window(2), unit: 'points' }]);
  acquire({ cost: 1 });
  const large = acquire({ cost: 2 });
  const small = acquire({ cost: 1 });
  expect(small).not.toBe(0);
  expect(await large).toBe(1_000);
  expect(await small).toBe(2_000);
  expect(clock.monotonic()).toBe(2_000);
});

test('nobody starves: each ten seconds of waiting lift a call by one class', async () => {
  const { acquire, clock } = governing([window(1)]);
  acquire();
  let servedAt = 0;
  const patient = Promise.resolve(acquire({ priority: 'backfill' })).then(() => {
    servedAt = clock.monotonic();
  });
  const pressing = (async () => {
    while (servedAt === 0) await Promise.all([acquire({ priority: 'sync' }), acquire({ priority: 'sync' })]);
  })();
  await Promise.all([patient, pressing]);
  expect(servedAt).toBeGreaterThanOrEqual(10_000);
  expect(servedAt).toBeLessThanOrEqual(12_000);
});

test('a reserve is left to other applications, and a person who waits may go into half of it', async () => {
  const { acquire } = governing([window(10)], { reserve: 0.2 });
  for (let call = 0; call < 8; call += 1) expect(acquire()).toBe(0);
  expect(waits(acquire({ priority: 'webhook' }))).toBe(true);
  expect(acquire({ priority: 'interactive' })).toBe(0);
  expect(waits(acquire({ priority: 'interactive' }))).toBe(true);
});

test('cost points count by what a call costs, and one that costs more than all of them takes all', async () => {
  const { acquire } = governing([{ ...window(100), unit: 'points' }]);
  expect(acquire({ cost: 60 })).toBe(0);
  expect(await acquire({ cost: 60 })).toBe(1_000);
  expect(await acquire({ cost: 900 })).toBe(1_000);
});

test('requests count as one whatever they cost', () => {
  const { acquire } = governing([window(2)]);
  expect([acquire({ cost: 50 }), acquire({ cost: 50 })]).toEqual([0, 0]);
});

test('requests under way are bounded, and the next goes as soon as one is over', async () => {
  const { acquire, governor, clock } = governing([{ name: 'default', concurrent: 2 }]);
  expect([acquire(), acquire()]).toEqual([0, 0]);
  let isServed = false;
  const third = Promise.resolve(acquire()).then(() => {
    isServed = true;
  });
  for (let turn = 0; turn < 10; turn += 1) await undefined;
  expect(isServed).toBe(false);
  governor.release('default');
  await third;
  expect(clock.monotonic()).toBe(0);
});

test('a call that waits for a place longer than it may is sent back', async () => {
  const { acquire, clock } = governing([{ name: 'default', concurrent: 1 }]);
  acquire();
  const error = await refusal(Promise.resolve(acquire({ longestWaitMs: 3_000 })));
  expect(error).toMatchObject({ code: 'rate-limited', resumeAt: start + 3_000 + 5_000 });
  expect(clock.monotonic()).toBe(3_000);
});

test('a call whose turn would come too late is sent back at once, with the time of its turn', async () => {
  const { acquire, clock } = governing([window(1, 10_000)]);
  acquire();
  const waiting = [acquire(), acquire(), acquire()];
  const error = await refusal(Promise.resolve(acquire({ longestWaitMs: 35_000 })));
  expect(error).toMatchObject({ code: 'rate-limited', resumeAt: start + 40_000 });
  expect(clock.monotonic()).toBe(0);
  expect(await Promise.all(waiting)).toEqual([10_000, 20_000, 30_000]);
});

test('a cancelled call leaves the queue, and the one behind it goes in its turn', async () => {
  const { acquire, clock } = governing([window(1)]);
  acquire();
  const controller = new AbortController();
  const given = refusal(Promise.resolve(acquire({ signal: controller.signal })));
  const next = acquire();
  controller.abort();
  expect(await given).toMatchObject({ code: 'cancelled' });
  expect(await next).toBe(1_000);
  expect(clock.monotonic()).toBe(1_000);
});

test('a call that is cancelled already takes nothing', async () => {
  const { acquire } = governing([window(1)]);
  acquire();
  expect(await refusal(Promise.resolve(acquire({ signal: AbortSignal.abort() })))).toMatchObject({ code: 'cancelled' });
  expect(await acquire()).toBe(1_000);
});

test('a block frees those who wait and would wait too long', async () => {
  const { acquire, governor, clock } = governing([window(1)]);
  acquire();
  const waiting = Promise.resolve(acquire());
  governor.block('default', start + 3_600_000);
  expect(await refusal(waiting)).toMatchObject({ code: 'rate-limited', resumeAt: start + 3_600_000 });
  expect(clock.monotonic()).toBe(0);
});

test('a long window remembers its requests in portions, and never lets more through for that', () => {
  const { acquire, clock } = governing([window(5_000, 86_400_000)]);
  for (let call = 0; call < 5_000; call += 1) {
    expect(acquire()).toBe(0);
    clock.advance(1_000);
  }
  expect(waits(acquire())).toBe(true);
  clock.advance(86_400_000 - 5_000_000);
  expect(waits(acquire())).toBe(true);
});

const bucket = { name: 'default', points: 1_000, restorePerSecond: 50 };

test('a leaky bucket lets through what is in it and fills up steadily', async () => {
  const { acquire } = governing([bucket]);
  expect(acquire({ cost: 900 })).toBe(0);
  expect(await acquire({ cost: 200 })).toBe(2_000);
  expect(await acquire({ cost: 100 })).toBe(2_000);
});

test('a bucket keeps the reserve for other applications', async () => {
  const { acquire } = governing([bucket], { reserve: 0.2 });
  expect(acquire({ cost: 800 })).toBe(0);
  expect(acquire({ cost: 50, priority: 'interactive' })).toBe(0);
  // 150 points are left, and 200 are the others': the wait is for those that are missing and the cost.
  expect(await acquire({ cost: 50 })).toBe(2_000);
});

test('what a call did not cost is given back when its answer tells the level', () => {
  const { acquire, governor } = governing([bucket]);
  expect(acquire({ cost: 1_000 })).toBe(0);
  governor.report('default', { available: 990, maximum: 1_000, restorePerSecond: 50 });
  governor.release('default', 1_000);
  expect(acquire({ cost: 990 })).toBe(0);
});

test('points of calls still under way are not counted as free', async () => {
  const { acquire, governor } = governing([bucket]);
  acquire({ cost: 100 });
  acquire({ cost: 500 });
  governor.report('default', { available: 995, maximum: 1_000, restorePerSecond: 50 });
  governor.release('default', 100);
  expect(acquire({ cost: 495 })).toBe(0);
  expect(waits(acquire({ cost: 1 }))).toBe(true);
});

test('a lower level than ours is that of the account: others use it too', async () => {
  const { acquire, governor } = governing([bucket]);
  acquire({ cost: 10 });
  governor.report('default', { available: 100, maximum: 2_000, restorePerSecond: 100 });
  governor.release('default', 10);
  expect(await acquire({ cost: 400 })).toBe(3_000);
});

test('a bucket without a rule is learned from the first answer', async () => {
  const { acquire, governor } = governing([]);
  expect(acquire({ cost: 500 })).toBe(0);
  governor.report('default', { available: 100, maximum: 1_000, restorePerSecond: 50 });
  expect(await acquire({ cost: 200 })).toBe(2_000);
});

test('a level that is no number teaches nothing', () => {
  const { acquire, governor } = governing([bucket]);
  governor.report('default', { available: Number.NaN, maximum: 1_000, restorePerSecond: 50 });
  governor.report('default', { available: 0, maximum: 1_000, restorePerSecond: 0 });
  expect(acquire({ cost: 1_000 })).toBe(0);
});

test('a RateLimit-Policy replaces what the rule of its window says, with the reserve', async () => {
  const { acquire, governor } = governing([window(100, 60_000)], { reserve: 0.2 });
  governor.learn('default', { 'ratelimit-policy': '"burst";q=10;w=60', ratelimit: '"burst";r=10;t=60' });
  for (let call = 0; call < 8; call += 1) expect(acquire()).toBe(0);
  expect(waits(acquire())).toBe(true);
});

test('a policy that no rule knows is kept to as well', () => {
  const { acquire, governor } = governing([window(100)]);
  governor.learn('default', { 'ratelimit-policy': '"burst";q=100;w=1, "hourly";q=3;w=3600' });
  for (let call = 0; call < 3; call += 1) expect(acquire()).toBe(0);
  expect(waits(acquire())).toBe(true);
});

test('what others took comes back when the field says, not a whole window later', async () => {
  const { acquire, governor } = governing([window(10, 60_000)]);
  governor.learn('default', { 'ratelimit-policy': '"a";q=10;w=60', ratelimit: '"a";r=1;t=7' });
  expect(acquire()).toBe(0);
  expect(await acquire()).toBe(7_000);
});

test('the end of a quota is told before it comes, once in its window, with a forecast', () => {
  const told: unknown[] = [];
  const { acquire, clock } = governing([window(100, 100_000)], { onLow: (low) => void told.push(low) });
  for (let call = 0; call < 79; call += 1) {
    acquire();
    clock.advance(500);
  }
  expect(told).toEqual([]);
  acquire();
  // 80 in 39.5 s: the other 20 last 9.875 s.
  expect(told).toEqual([
    { quota: 'default', used: 80, limit: 100, exhaustedAt: start + 39_500 + 9_875, resumeAt: start + 100_000 },
  ]);
  acquire();
  expect(told).toHaveLength(1);
});

test('a rule whose numbers are none is refused by name', () => {
  const wrong = [
    { rule: window(0), name: 'requests' },
    { rule: window(1, Number.NaN), name: 'perMs' },
    { rule: { name: 'default', concurrent: -1 }, name: 'concurrent' },
    { rule: { ...bucket, restorePerSecond: 0 }, name: 'restorePerSecond' },
  ];
  for (const { rule, name } of wrong) {
    const error = thrownBy(() => governing([rule]));
    expect(error).toMatchObject({ code: 'invalid-definition' });
    expect(error.message).toContain(`'${name}' of the quota 'default'`);
  }
});

test('windows that answers make up are bounded: one more with each answer would fill memory and slow every call', () => {
  const { governor, acquire } = governing([window(1_000)]);
  const learn = (seconds: number, limit: number) =>
    governor.learn('default', { 'ratelimit-policy': `"a";q=${limit};w=${seconds}`, ratelimit: `"a";r=${limit}` });
  for (let seconds = 2; seconds < 50; seconds += 1) learn(seconds, 100);
  learn(50, 1);
  // The window of 50 s came too late to count.
  expect([acquire(), acquire(), acquire()]).toEqual([0, 0, 0]);
});
