import { generateKeyPairSync } from 'node:crypto';
import { open } from '@mortise/runtime';
import { restFaultRule, soapFaultRule } from '@mortise/sandbox-netsuite';
import { describe, expect, test } from 'vitest';
import netsuite from '../src/index.ts';
import { apis, connect, drive, errorOf, recordsOf } from './connection.ts';

const seed = { number: 1, customers: 3, items: 3, orders: 0, deleted: 0 };

const message = 'concurrent request limit exceeded. Request blocked.';
/** What other users of the account cause: two refusals in a row. */
const blocked = {
  soap: {
    ...soapFaultRule({ fault: 'exceededConcurrentRequestLimit', code: 'WS_REQUEST_BLOCKED', message }),
    count: 2,
  },
  rest: { ...restFaultRule({ status: 429, code: 'CONCURRENCY_LIMIT_EXCEEDED', message }), count: 2 },
};

describe.each(apis)('over %s', (api) => {
  test("a request beyond the account's limit is sent again, after a wait", async () => {
    const { erp, clock, sandbox, events } = await connect({ api, seed });
    await recordsOf(erp.items.list());
    sandbox.inject(blocked[api]);
    expect(await drive(clock, recordsOf(erp.items.list()))).toHaveLength(3);
    const failed = events.flatMap((event) => (event.type === 'attempt-failed' ? [event] : []));
    expect(failed).toMatchObject([{ code: 'rate-limited' }, { code: 'rate-limited' }]);
  });

  test('no more requests are under way than the settings say', async () => {
    const { erp, sandbox } = await connect({
      ...{ api, seed, sandbox: { concurrentRequests: 2 }, settings: { concurrentRequests: 2 }, isReal: true },
    });
    const [first] = await recordsOf(erp.items.list());
    sandbox.inject({ kind: 'latency', milliseconds: 20, count: 'always' });
    await Promise.all(Array.from({ length: 6 }, () => erp.items.get(first?.internalId ?? '')));
    expect(sandbox.requests().every(({ status }) => status === 200)).toBe(true);
  });

  test('a permission that the role lacks is named', async () => {
    const { erp, clock } = await connect({ api, seed, sandbox: { grantedPermissions: ['customer:view'] } });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error).toMatchObject({ code: 'forbidden', permissions: [expect.stringMatching(/Item/)] });
    expect(error.message).toMatch(/Item/);
  });

  test('an account that is away for a time is asked again', async () => {
    const { erp, clock, sandbox } = await connect({ api, seed, sandbox: { unavailable: true } });
    const reading = drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(await reading).toMatchObject({ code: 'unavailable' });
    expect(sandbox.requests().length).toBeGreaterThan(1);
  });

  test('an answer that was cut is no end of the list', async () => {
    const { erp, clock, sandbox } = await connect({ api, seed });
    await recordsOf(erp.items.list());
    sandbox.inject({ kind: 'truncate', count: 'always' });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(['truncated', 'unreachable']).toContain(error.code);
    sandbox.clearFaults();
    expect(await drive(clock, recordsOf(erp.items.list()))).toHaveLength(3);
  });

  test('an empty answer, and a page of HTML, are no end of the list', async () => {
    for (const kind of ['empty', 'html'] as const) {
      const { erp, clock, sandbox } = await connect({ api, seed });
      await recordsOf(erp.items.list());
      sandbox.inject({ kind, count: 'always' });
      const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
      expect(['empty-answer', 'unexpected-content', 'truncated']).toContain(error.code);
    }
  });

  test('a closed account says what to do', async () => {
    const { erp, clock } = await connect({ api, seed, sandbox: { closed: true } });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error).toMatchObject({ code: 'invalid-settings', message: expect.stringContaining("setting 'account'") });
  });
});

test('REST: a certificate that NetSuite does not know is one error, asked once', async () => {
  const { publicKey: knownKey } = generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { erp, clock, sandbox } = await connect({ api: 'rest', seed, knownKey });
  const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
  expect(error).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('invalid_client') });
  expect(sandbox.requests()).toHaveLength(1);
});

test.each(apis)(
  'without the credentials of %s the connection is not opened, and the message names them',
  async (api) => {
    const settings = { account: '1', api };
    expect(() => open(netsuite, { settings, credentials: {} })).toThrow(api === 'soap' ? "'tokens'" : "'certificate'");
  },
);

describe('SOAP', () => {
  test('every attempt carries a nonce of its own', async () => {
    const bodies: string[] = [];
    const { erp, clock, sandbox } = await connect({ seed, bodies });
    sandbox.inject(blocked.soap);
    expect(await drive(clock, recordsOf(erp.items.list()))).toHaveLength(3);
    const nonces = bodies.map((body) => /nonce>([^<]+)</.exec(body)?.[1]);
    expect(nonces).toHaveLength(3);
    expect(new Set(nonces).size).toBe(3);
    expect(bodies.every((body) => body.includes('algorithm="HMAC-SHA256"'))).toBe(true);
  });

  test('a wrong secret is one error that says what to check, and is not asked again', async () => {
    const { erp, clock, sandbox } = await connect({ seed, tokenSecret: 'wrong' });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'USER_ERROR' });
    expect(error.message).toMatch(/check account, keys and role.*clock/);
    expect(sandbox.requests()).toHaveLength(1);
  });

  test.each([
    ['invalidAccount', 'INVALID_ACCT', 'invalid-settings', "'account'"],
    ['invalidSession', 'SESSION_TIMED_OUT', 'unauthenticated', 'check account'],
    ['exceededRequestSize', 'EXCEEDED_MAX_SIZE', 'too-large', ''],
    ['unexpectedError', 'UNEXPECTED_ERROR', 'unavailable', ''],
  ] as const)('the fault %s of code %s is %s', async (fault, code, expected, says) => {
    const { erp, clock, sandbox } = await connect({ seed });
    sandbox.inject({ ...soapFaultRule({ fault, code, message: 'secret value 4711' }), count: 'always' });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error).toMatchObject({ code: expected, vendorCode: code });
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('4711');
  });

  test('a version that NetSuite no longer answers names the other transport', async () => {
    const { erp, clock } = await connect({ seed, sandbox: { endedVersions: ['2025_2'] } });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error).toMatchObject({ code: 'schema-drift' });
    expect(error.message).toContain("set 'api' to 'rest'");
  });

  test('after the end of SOAP too', async () => {
    const { erp, clock } = await connect({ seed, sandbox: { soapEndsAt: 1 } });
    const error = await drive(clock, errorOf(recordsOf(erp.items.list())));
    expect(error.message).toContain("set 'api' to 'rest'");
  });
});
