import { expect, test } from 'vitest';
import { call, manualClock, startedSandbox } from './started.ts';

const list = '/crm/v3/objects/contacts';
const search = '/crm/v3/objects/contacts/search';

test('section 2, limits: the true default is 190 requests in a rolling 10 s', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock });
  const answers = await Promise.all(Array.from({ length: 191 }, () => call(sandbox, list)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(190);
  expect(answers.find(({ status }) => status === 429)?.body).toEqual({
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    correlationId: expect.any(String),
    policyName: 'TEN_SECONDLY_ROLLING',
    groupName: 'publicapi:private_app-api-calls-ten-secondly:62515:1',
  });
  clock.set(1_010_000);
  expect((await call(sandbox, list)).status).toBe(200);
});

test('section 2, limits: the window rolls, it does not start anew', async () => {
  const clock = manualClock(0);
  const sandbox = await startedSandbox({ clock, settings: { requestsPerTenSeconds: 2 } });
  await call(sandbox, list);
  clock.set(9000);
  await call(sandbox, list);
  clock.set(10_000);
  expect((await call(sandbox, list)).status).toBe(200);
  expect((await call(sandbox, list)).status).toBe(429);
});

test('section 2, limits: search has its own limit per second, its own body and no rate-limit headers', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock });
  const answers = await Promise.all(Array.from({ length: 6 }, () => call(sandbox, search, { body: {} })));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toEqual({
    status: 'error',
    message: 'You have reached your secondly limit.',
    errorType: 'RATE_LIMIT',
    correlationId: expect.any(String),
    policyName: 'SECONDLY',
  });
  for (const { headers } of answers) {
    expect([...headers.keys()].filter((name) => name.includes('ratelimit') || name === 'retry-after')).toEqual([]);
  }
  expect((await call(sandbox, list)).headers.get('x-hubspot-ratelimit-remaining')).toBe('189');
});

test('section 2, limits: the daily limit counts both kinds and ends at midnight', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1, 23));
  const sandbox = await startedSandbox({ clock, settings: { requestsPerDay: 2 } });
  await call(sandbox, list);
  await call(sandbox, search, { body: {} });
  const refused = await call(sandbox, list);
  expect(refused).toMatchObject({
    status: 429,
    body: { policyName: 'DAILY', message: 'You have reached your daily limit.' },
  });
  expect(refused.body.requestId).toEqual(expect.any(String));
  clock.set(Date.UTC(2026, 0, 2));
  expect((await call(sandbox, list)).status).toBe(200);
});

test('section 2, limits: every other answer tells the limits in headers', async () => {
  const sandbox = await startedSandbox();
  const { headers } = await call(sandbox, list);
  const told = [...headers].filter(([name]) => name.startsWith('x-hubspot-ratelimit'));
  expect(Object.fromEntries(told)).toEqual({
    'x-hubspot-ratelimit-max': '190',
    'x-hubspot-ratelimit-remaining': '189',
    'x-hubspot-ratelimit-interval-milliseconds': '10000',
    'x-hubspot-ratelimit-secondly': '19',
    'x-hubspot-ratelimit-secondly-remaining': '19',
    'x-hubspot-ratelimit-daily': '650000',
    'x-hubspot-ratelimit-daily-remaining': '649999',
  });
  expect(headers.get('x-hubspot-correlation-id')).toEqual(expect.any(String));
});

test('a refused request changes nothing', async () => {
  const sandbox = await startedSandbox({ settings: { requestsPerTenSeconds: 0 } });
  const body = { properties: { email: 'a@example.test' } };
  expect((await call(sandbox, list, { body })).status).toBe(429);
  expect(sandbox.writes()).toEqual([]);
});
