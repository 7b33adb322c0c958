import { expect, test } from 'vitest';
import { type Reply, serveReplies } from '../support/json-server.ts';
import { type JumpingClock, jumpingClock, startMs } from '../support/jumping-clock.ts';
import { openPeople, type PeopleOptions } from '../support/people-vendor.ts';

const person = { body: { id: '1', externalId: 'a', name: 'A' } };

/** A vendor that answers these in turn, and a person ever after. */
const answering = async (
  replies: readonly Reply[],
  { clock = jumpingClock(), ...options }: Omit<PeopleOptions, 'clock'> & { clock?: JumpingClock } = {},
) => {
  const times: number[] = [];
  const server = await serveReplies((_request, number) => {
    times.push(clock.monotonic());
    return replies[number] ?? person;
  });
  return { ...openPeople(server.origin, { clock, ...options }), clock, times, requests: server.requests };
};

const throttled = (headers: Record<string, string>): Reply => ({ status: 429, headers, body: {} });

test('case 11: an hour of Retry-After is handed back as the time to resume, and nobody sleeps', async () => {
  const { people, clock, requests } = await answering([throttled({ 'retry-after': '3600' })]);
  // The jitter of a tenth of the own back-off comes on top, so that many clients do not come back at once.
  const resumeAt = startMs + 3_600_000 + 10;
  await expect(people.get('1')).rejects.toMatchObject({ code: 'rate-limited', resumeAt, attempts: 1 });
  // The next call knows it already, and sends nothing.
  await expect(people.get('1')).rejects.toMatchObject({ code: 'rate-limited', resumeAt });
  expect(requests).toHaveLength(1);
  expect(clock.waits).toEqual([]);
});

test('case 11: calls that wait for their turn are freed as well, and a place under way is given back', async () => {
  const quota = [{ name: 'default', concurrent: 1 }];
  const limits = { quotaReserve: 0, requestTimeoutMs: 30_007 };
  const { people, requests } = await answering([throttled({ 'retry-after': '3600' })], { rest: { quota }, limits });
  const calls = [1, 2, 3].map(() => people.get('1').catch((error: { code: string; resumeAt: number }) => error));
  for (const ended of await Promise.all(calls)) {
    expect(ended).toMatchObject({ code: 'rate-limited', resumeAt: startMs + 3_600_010 });
  }
  expect(requests).toHaveLength(1);
});

test('case 13: a RateLimit field that is used up says how long to wait where Retry-After does not', async () => {
  const { people, times } = await answering([throttled({ ratelimit: '"d";r=0;t=48' })]);
  await people.get('1');
  expect(times).toEqual([0, 48_010]);
});

test('case 13: also on a success it holds the next call back', async () => {
  const last = { ...person, headers: { ratelimit: '"d";r=0;t=48' } };
  const { people, times, events } = await answering([last]);
  await people.get('1');
  await people.get('1');
  expect(times).toEqual([0, 48_000]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'quota-waited', waitMs: 48_000 }));
});

test('case 109: a date in Retry-After counts from the Date of its answer, though our clock is ten minutes off', async () => {
  for (const aheadMs of [600_000, -600_000]) {
    const clock = jumpingClock(aheadMs);
    const headers = {
      date: new Date(startMs).toUTCString(),
      'retry-after': new Date(startMs + 30_000).toUTCString(),
    };
    const { people, requests } = await answering([throttled(headers)], { clock });
    await people.get('1');
    expect(clock.waits, `${aheadMs}`).toEqual([30_010]);
    expect(requests).toHaveLength(2);
  }
});

test('case 109: an hour handed back counts from our own clock, which the host compares it with', async () => {
  const clock = jumpingClock(600_000);
  const headers = {
    date: new Date(startMs).toUTCString(),
    'retry-after': new Date(startMs + 3_600_000).toUTCString(),
  };
  const { people } = await answering([throttled(headers)], { clock });
  await expect(people.get('1')).rejects.toMatchObject({ resumeAt: clock.now() + 3_600_010 });
});

test('case 109: where a list goes on is told by the stamps of the vendor, whatever our clock says', async () => {
  const stamp = '2026-11-23T12:00:00.000Z';
  for (const aheadMs of [600_000, -600_000]) {
    const clock = jumpingClock(aheadMs);
    const { people } = await answering([{ body: { ...person.body, name: stamp } }], { clock });
    expect(people.port.changedAt(await people.get('1')), `${aheadMs}`).toBe(startMs);
  }
});

test('case 110: a wall clock that is set back an hour during a wait does not lengthen it', async () => {
  const clock = jumpingClock();
  const { people, requests } = await answering([throttled({ 'retry-after': '20' })], {
    clock,
    events: ({ type }) => {
      if (type === 'attempt-failed') clock.stepWall(-3_600_000);
    },
  });
  await people.get('1');
  expect(requests).toHaveLength(2);
  expect(clock.monotonic()).toBe(20_010);
});

test('case 110: nor does it let a quota be used twice', async () => {
  const clock = jumpingClock();
  const quota = [{ name: 'default', requests: 2, perMs: 10_000 }];
  const { people, times } = await answering([], { clock, rest: { quota }, limits: { quotaReserve: 0 } });
  for (let call = 0; call < 5; call += 1) {
    await people.get('1');
    clock.stepWall(-3_600_000);
  }
  expect(times).toEqual([0, 0, 10_000, 10_000, 20_000]);
});
