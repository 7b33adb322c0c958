import { inspect } from 'node:util';
import { describeError } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { connect, drive, errorOf, noon, person, recordsOf } from './connection.ts';

const hours = 3_600_000;
const throttle = (policyName?: string) => ({
  status: 'error',
  message: 'You have reached your limit.',
  errorType: 'RATE_LIMIT',
  correlationId: 'c-1',
  ...(policyName !== undefined && { policyName }),
});

const waits = [
  { policy: 'TEN_SECONDLY_ROLLING', waitMs: 10_000 },
  { policy: 'SECONDLY', waitMs: 1_000 },
  { policy: undefined, waitMs: 10_000 },
];
for (const { policy, waitMs } of waits) {
  test(`429 ${policy ?? 'without a policy'} waits ${waitMs} ms and goes on`, async () => {
    const { crm, sandbox, clock, events } = await connect();
    sandbox.inject({ kind: 'status', status: 429, body: throttle(policy), match: { method: 'POST' } });
    const [outcome] = await drive(clock, crm.contacts.model.upsert([person('a@example.test')]));
    expect(outcome).toMatchObject({ ok: true, created: true });
    const failed = events.find(({ type }) => type === 'attempt-failed');
    expect(failed).toMatchObject({ code: 'rate-limited', waitMs, requestId: 'c-1' });
    expect(clock.now() - noon).toBeGreaterThanOrEqual(waitMs);
  });
}

test('429 DAILY is not slept: it is reported with the next midnight', async () => {
  const { crm, sandbox } = await connect();
  sandbox.inject({ kind: 'status', status: 429, body: throttle('DAILY'), match: { method: 'POST' } });
  const error = await errorOf(crm.contacts.model.upsert([person('a@example.test')]));
  expect(error).toMatchObject({ code: 'rate-limited', vendorCode: 'DAILY', resumeAt: noon + 12 * hours });
  // What follows is not even sent.
  expect(await errorOf(crm.contacts.get('1'))).toMatchObject({ code: 'rate-limited', resumeAt: noon + 12 * hours });
  expect(sandbox.requests()).toHaveLength(1);
});

test("the sandbox's own daily limit is met in the same way", async () => {
  const { crm } = await connect({ sandbox: { settings: { requestsPerDay: 1 } } });
  await recordsOf(crm.contacts.list());
  expect(await errorOf(recordsOf(crm.contacts.list()))).toMatchObject({ code: 'rate-limited', vendorCode: 'DAILY' });
});

test('429 without a policy on a day that is used up counts as DAILY', async () => {
  const { crm, sandbox } = await connect();
  const headers = { 'X-HubSpot-RateLimit-Daily-Remaining': '0' };
  sandbox.inject({ kind: 'status', status: 429, body: throttle(), headers, match: { method: 'GET' } });
  expect(await errorOf(recordsOf(crm.contacts.list()))).toMatchObject({ resumeAt: noon + 12 * hours });
});

test('the true limit is learned from the headers and kept', async () => {
  const { crm, sandbox, clock, events } = await connect({ sandbox: { settings: { requestsPerTenSeconds: 5 } } });
  const list = () => recordsOf(crm.contacts.list());
  await list();
  const others = Promise.all(Array.from({ length: 12 }, list));
  // The clock stands still: what fits into the window goes out, the rest waits.
  while (events.length < 5) await new Promise(setImmediate);
  expect(sandbox.requests().map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  await drive(clock, others);
  expect(events.filter(({ type }) => type === 'quota-waited').length).toBeGreaterThan(0);
  expect(sandbox.requests().filter(({ status }) => status === 200)).toHaveLength(13);
});

const waitsByStatus = [
  { status: 423, headers: {}, least: 2_000 },
  { status: 477, headers: { 'Retry-After': '7' }, least: 7_000 },
  { status: 503, headers: {}, least: 0 },
  { status: 524, headers: {}, least: 0 },
];
for (const { status, headers, least } of waitsByStatus) {
  test(`${status} is sent again after at least ${least} ms`, async () => {
    const { crm, sandbox, clock, events } = await connect();
    const body = { status: 'error', category: 'X', message: 'm' };
    sandbox.inject({ kind: 'status', status, body, headers, match: { method: 'GET' } });
    await drive(clock, recordsOf(crm.contacts.list()));
    expect(events.find(({ type }) => type === 'attempt-failed')).toMatchObject({
      code: 'unavailable',
      status,
      waitMs: least,
    });
  });
}

test('a wrong token is unauthenticated and appears nowhere', async () => {
  const { crm, events } = await connect({ token: 'pat-na1-very-secret' });
  const error = await errorOf(recordsOf(crm.contacts.list()));
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'INVALID_AUTHENTICATION', status: 401 });
  expect(inspect([error, events], { depth: 9 }) + JSON.stringify(error) + describeError(error)).not.toContain(
    'very-secret',
  );
});

test('an expired token is unauthenticated with its own code', async () => {
  const { crm, sandbox } = await connect();
  const body = { status: 'error', category: 'EXPIRED_AUTHENTICATION', message: 'The OAuth token expired' };
  sandbox.inject({ kind: 'status', status: 401, body });
  expect(await errorOf(crm.contacts.get('1'))).toMatchObject({
    code: 'unauthenticated',
    vendorCode: 'EXPIRED_AUTHENTICATION',
  });
});

test('a missing scope is forbidden and named', async () => {
  const { crm } = await connect({ sandbox: { settings: { grantedScopes: ['crm.objects.contacts.read'] } } });
  const error = await errorOf(crm.contacts.model.upsert([person('a@example.test')]));
  expect(error).toMatchObject({ code: 'forbidden', vendorCode: 'MISSING_SCOPES', status: 403 });
  expect(describeError(error)).toContain("it lacks the permission 'crm.objects.contacts.write'");
});

test('a conflict of the whole request keeps its code and loses the address', async () => {
  const { crm, sandbox } = await connect();
  const message = 'Contact a@example.test already exists. Existing ID: 12';
  sandbox.inject({
    kind: 'status',
    status: 409,
    body: { status: 'error', category: 'CONFLICT', message, correlationId: 'c-9' },
  });
  const error = await errorOf(crm.contacts.model.upsert([person('a@example.test')]));
  expect(error).toMatchObject({ code: 'conflict', vendorCode: 'CONFLICT', requestId: 'c-9' });
  expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('a@example.test');
});

test('a code that is no name is not passed on', async () => {
  const { crm, sandbox } = await connect();
  sandbox.inject({ kind: 'status', status: 400, body: { category: 'bad a@example.test', policyName: 7 } });
  expect(JSON.stringify(await errorOf(crm.contacts.get('1')))).not.toContain('a@example.test');
});
