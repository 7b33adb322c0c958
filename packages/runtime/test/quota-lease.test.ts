import { expect, test } from 'vitest';
import { connectorError, type SliceGrant, type SliceRequest } from '../src/index.ts';
import { type AcquireOptions, quotaGovernor } from '../src/resilience/quota.ts';
import { start, testClock } from './support/clock.ts';
import { refusal } from './support/connection.ts';

/** A ledger that keeps what it was asked, and grants what it is told to; all of it where it is told nothing. */
const scripted = (grants: readonly Partial<SliceGrant>[] = []) => {
  const requests: SliceRequest[] = [];
  const take = async (request: SliceRequest): Promise<SliceGrant> => {
    requests.push(request);
    const full = { granted: request.want, used: request.want, nextSlice: request.slice };
    return { ...full, ...grants[requests.length - 1] };
  };
  return { take, requests };
};

const tenSeconds = { name: 'default', requests: 190, perMs: 10_000 };

const leasing = (ledger: ReturnType<typeof scripted>, { reserve = 0, rule = tenSeconds, connection = 'acme' } = {}) => {
  const clock = testClock();
  const governor = quotaGovernor([rule], { clock, reserve, connection, ledger });
  const acquire = (given: Partial<AcquireOptions> = {}) =>
    governor.acquire('default', { longestWaitMs: 60_000, ...given });
  return { clock, governor, acquire };
};

const slice = start / 1_000;

test('a window of ten seconds is leased in slices of one, each counted over eleven of them', async () => {
  const ledger = scripted();
  await leasing(ledger).acquire();
  expect(ledger.requests).toEqual([
    { name: 'acme.default.10000', slice, windowSlices: 11, limit: 190, want: 1, atLeast: 1 },
  ]);
});

test('short windows have tenths, long ones five seconds, and a day two minutes', async () => {
  const lengths: number[] = [];
  for (const perMs of [1_000, 10_000, 30_000, 3_600_000, 86_400_000]) {
    const ledger = scripted();
    await leasing(ledger, { rule: { ...tenSeconds, perMs } }).acquire();
    lengths.push(perMs / ((ledger.requests[0]?.windowSlices ?? 0) - 1));
  }
  expect(lengths).toEqual([100, 1_000, 3_000, 5_000, 120_000]);
});

test('what many calls wait for is asked for together, an eighth of the limit at most', async () => {
  const ledger = scripted();
  const { acquire } = leasing(ledger);
  await Promise.all(Array.from({ length: 60 }, () => acquire()));
  expect(ledger.requests.map(({ want }) => want)).toEqual([1, 24, 24, 11 + 24 - 11]);
  expect(ledger.requests).toHaveLength(4);
});

test('calls that come one after the other get as many more as there were, and then no promise any more', async () => {
  const ledger = scripted();
  const { acquire } = leasing(ledger);
  const isAtOnce: boolean[] = [];
  for (let call = 0; call < 8; call += 1) {
    const acquired = acquire();
    isAtOnce.push(acquired === 0);
    await acquired;
  }
  expect(ledger.requests.map(({ want }) => want)).toEqual([1, 2, 4, 8]);
  expect(isAtOnce).toEqual([false, false, true, false, true, true, true, false]);
});

test('units of a slice that is over are not sent', async () => {
  const ledger = scripted([{ granted: 24 }]);
  const { acquire, clock } = leasing(ledger);
  await acquire();
  clock.advance(1_000);
  await acquire();
  expect(ledger.requests.map((request) => request.slice)).toEqual([slice, slice + 1]);
});

test('with nothing to be had it waits for the slice that the ledger names, and asks then', async () => {
  const ledger = scripted([{ granted: 0, used: 190, nextSlice: slice + 4 }]);
  const { acquire, clock } = leasing(ledger);
  expect(await acquire()).toBe(4_000);
  expect(clock.waits).toContain(4_000);
  expect(ledger.requests.map((request) => request.slice)).toEqual([slice, slice + 4]);
});

test('a slice too far away is handed back as the time to resume', async () => {
  const ledger = scripted([{ granted: 0, used: 190, nextSlice: slice + 100 }]);
  const { acquire } = leasing(ledger);
  expect(await refusal(Promise.resolve(acquire()))).toMatchObject({
    code: 'rate-limited',
    resumeAt: start + 100_000,
  });
});

test('only a person who waits asks for half of the reserve, and for no more than he needs', async () => {
  const ledger = scripted([{ granted: 0, used: 152, nextSlice: slice + 4 }]);
  const { acquire } = leasing(ledger, { reserve: 0.2 });
  const patient = acquire();
  expect(await acquire({ priority: 'interactive' })).toBe(0);
  expect(ledger.requests.map(({ limit, want }) => [limit, want])).toEqual([
    [152, 1],
    [171, 1],
  ]);
  expect(await patient).toBe(4_000);
});

test('a wall clock that is set back asks for no slice a second time', async () => {
  const ledger = scripted();
  let wall = start;
  const clock = testClock();
  const moving = { ...clock, now: () => wall + clock.monotonic() };
  const governor = quotaGovernor([tenSeconds], { clock: moving, reserve: 0, connection: 'acme', ledger });
  await governor.acquire('default', { longestWaitMs: 0 });
  wall -= 5_000;
  clock.advance(2_000);
  await governor.acquire('default', { longestWaitMs: 0 });
  expect(ledger.requests.map((request) => request.slice)).toEqual([slice, slice + 2]);
});

test('after a pause longer than the window the wall clock is believed again', async () => {
  const ledger = scripted();
  let wall = start;
  const clock = testClock();
  const moving = { ...clock, now: () => wall + clock.monotonic() };
  const governor = quotaGovernor([tenSeconds], { clock: moving, reserve: 0, connection: 'acme', ledger });
  await governor.acquire('default', { longestWaitMs: 0 });
  wall -= 5_000;
  clock.advance(12_000);
  await governor.acquire('default', { longestWaitMs: 0 });
  expect(ledger.requests.map((request) => request.slice)).toEqual([slice, slice + 7]);
});

test('a ledger that fails is the failure of those who wait, and the next call asks again', async () => {
  let isBroken = true;
  const ledger = scripted();
  const governor = quotaGovernor([tenSeconds], {
    ...{ clock: testClock(), reserve: 0, connection: 'acme' },
    ledger: {
      take: (request) => {
        if (isBroken) return Promise.reject(connectorError('state-busy', 'held'));
        return ledger.take(request);
      },
    },
  });
  const acquire = () => Promise.resolve(governor.acquire('default', { longestWaitMs: 1_000 }));
  const both = [refusal(acquire()), refusal(acquire())];
  expect((await Promise.all(both)).map(({ code }) => code)).toEqual(['state-busy', 'state-busy']);
  isBroken = false;
  expect(await acquire()).toBe(0);
});

test('less left at the vendor than is held here is taken over', async () => {
  const ledger = scripted([{ granted: 24 }]);
  const rule = { ...tenSeconds, headers: { limit: 'x-limit', remaining: 'x-left' } };
  const { acquire, governor } = leasing(ledger, { rule });
  await acquire();
  governor.learn('default', { 'x-limit': '100', 'x-left': '1' });
  expect(acquire()).toBe(0);
  await acquire();
  expect(ledger.requests.map(({ limit }) => limit)).toEqual([190, 100]);
});
