import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { connectorError, defineVendor, env, nearestName, open, sealSecret, secret } from '../src/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { CallLimits } from '../src/resilience/limits.ts';
import { connect, refusal, thrownBy } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const settings = z.strictObject({ region: z.enum(['eu', 'us']), pageSize: z.int().max(100).default(50) });
const acme = defineVendor({
  id: 'acme',
  settings,
  credentials: z.strictObject({ token: secret() }),
  transports: ({ region }) => ({ rest: rest({ baseUrl: `https://${region}.example/` }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});
const connector = acme.connector({ resources: {} });
const eu = { region: 'eu' as const };

/** Opens with settings and credentials as they would come from a file, unchecked by the compiler. */
const opening = (given: { settings?: unknown; credentials?: unknown; limits?: unknown }) =>
  thrownBy(() => open(connector, { settings: eu, credentials: { token: 'x' }, ...given } as never));

test('a misspelt setting is refused with the nearest name', () => {
  expect(opening({ settings: { regoin: 'eu' } })).toMatchObject({
    code: 'invalid-settings',
    connector: 'acme',
    message: "acme has no setting 'regoin': did you mean 'region'?",
  });
  expect(opening({ settings: { ...eu, colour: 'red' } }).message).toBe(
    "acme has no setting 'colour': known are: region, pageSize",
  );
  expect(opening({ credentials: { tokn: 'x' } }).message).toContain("no credential 'tokn': did you mean 'token'?");
  expect(opening({ limits: { attemps: 3 } }).message).toContain("did you mean 'attempts'?");
  expect(nearestName('completely', ['other'])).toBeUndefined();
});

test('a missing or wrong setting is named, and its value is not', () => {
  expect(opening({ settings: {} }).message).toContain("setting 'region' of acme cannot be used");
  expect(opening({ settings: undefined }).message).toContain("setting 'region'");
  const error = opening({ settings: { region: 'canary-value' } });
  expect(error.message).toContain('"eu"|"us"');
  expect(JSON.stringify(error)).not.toContain('canary');
  expect(opening({ settings: [] }).code).toBe('invalid-settings');
});

test('a missing or empty credential is named, and its value is not', () => {
  for (const credentials of [{}, { token: '' }, { token: 7 }, { token: {} }, undefined]) {
    const error = opening({ credentials });
    expect(error.code).toBe('invalid-settings');
    expect(error.message).toContain("credential 'token' of acme cannot be used: a non-empty secret is needed");
  }
  expect(
    thrownBy(() => open(connector, { settings: eu, credentials: { token: env('MORTISE_NO_SUCH') } })).message,
  ).toContain('MORTISE_NO_SUCH is not set');
});

test('limits are checked and documented', () => {
  expect(CallLimits.parse({})).toEqual({
    attempts: 4,
    requestTimeoutMs: 30_000,
    callTimeoutMs: 300_000,
    backoffBaseMs: 200,
    backoffCapMs: 20_000,
    longestWaitMs: 60_000,
    retryTokens: 500,
    breakerShare: 0.5,
    breakerRequests: 20,
    breakerWindowMs: 30_000,
    breakerOpenMs: 30_000,
    requestsAtOnce: 64,
    waitingCalls: 1_000,
    duplicateKeys: 'last-wins',
    maxBodyBytes: 67_108_864,
    quotaReserve: 0.2,
  });
  for (const limits of [{ attempts: 0 }, { requestTimeoutMs: 3_000_000_000 }, { quotaReserve: 1 }]) {
    expect(opening({ limits }).code).toBe('invalid-settings');
  }
});

test('a connector of another contract is refused with both versions', () => {
  const error = thrownBy(() => open({ ...connector, contract: 7 }, { settings: eu, credentials: { token: 'x' } }));
  expect(error.code).toBe('invalid-definition');
  expect(error.message).toBe(
    'connector acme is built for contract 7, and this runtime speaks 1: install matching versions',
  );
});

test('a vendor id that is no kebab case is refused when defined', () => {
  for (const id of ['', 'Acme', 'acme_eu', '-acme', '1acme', 'a--b']) {
    const definition = {
      id,
      settings,
      credentials: z.strictObject({}),
      transports: () => ({}),
      auth: () => bearer(sealSecret('x')),
    };
    expect(thrownBy(() => defineVendor(definition)).code, id).toBe('invalid-definition');
  }
});

test('a batch write must say its size, and an upsert by external id its key', () => {
  const description = { record: z.object({ id: z.string() }), key: 'id' as const, changes: 'none' as const };
  const run = async () => [];
  for (const max of [0, -1, 1.5, Number.NaN]) {
    expect(thrownBy(() => acme.resource({ ...description, create: { effect: 'unsafe', max, run } })).code).toBe(
      'invalid-definition',
    );
    const upsert = { effect: 'keyed' as const, max, run };
    expect(thrownBy(() => acme.resource({ ...description, upsert })).code).toBe('invalid-definition');
  }
  const error = thrownBy(() => acme.resource({ ...description, upsert: { effect: 'external-id', max: 1, run } }));
  expect(error.message).toContain('must name its key');
});

test('what a vendor throws while it is opened is contained, without the credential', () => {
  const failing = (thrown: unknown) =>
    defineVendor({
      id: 'broken',
      settings: z.strictObject({}),
      credentials: z.strictObject({ nested: z.strictObject({ token: secret() }) }),
      transports: () => ({}),
      auth: () => {
        throw thrown;
      },
    }).connector({ resources: {} });
  const credentials = { nested: { token: 'canary-token' } };
  expect(thrownBy(() => open(failing(new TypeError('x')), { credentials }))).toMatchObject({
    code: 'internal',
    connector: 'broken',
  });
  const own = connectorError('invalid-settings', 'canary-token is no good');
  expect(thrownBy(() => open(failing(own), { credentials }))).toMatchObject({
    code: 'invalid-settings',
    message: '[secret] is no good',
  });
});

test('a token with a line break is refused when the connection is opened', () => {
  const error = opening({ credentials: { token: 'canary-token\n' } });
  expect(error.code).toBe('invalid-settings');
  expect(error.message).toContain("the header 'authorization' holds a line break");
  expect(error.message).not.toContain('canary');
});

test('opening sends nothing, and connections of one connector keep apart', async () => {
  const server = await serve((response, { headers }) =>
    json(response, {}, headers.authorization ? 429 : 500, { 'retry-after': '3600' }),
  );
  const one = connect(server.origin, { id: 'one' });
  const two = connect(server.origin, { id: 'two' });
  expect(server.requests).toHaveLength(0);
  expect(await refusal(one.get())).toMatchObject({ code: 'rate-limited', connection: 'one' });
  expect(await refusal(two.get())).toMatchObject({ code: 'rate-limited', connection: 'two' });
  expect(server.requests).toHaveLength(2);
});
