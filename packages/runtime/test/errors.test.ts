import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import {
  ConnectorError,
  connectorError,
  describeError,
  env,
  errorCodes,
  exitStatus,
  isConnectorError,
  isSecret,
  revealSecret,
  sealSecret,
  toConnectorError,
} from '../src/index.ts';
import { thrownBy } from './support/connection.ts';

test('an error is known by its brand across two copies of the package', async () => {
  vi.resetModules();
  const copy = await import('../src/errors/connector-error.ts');
  const foreign = copy.connectorError('forbidden', 'no', { connector: 'acme' });
  expect(foreign instanceof ConnectorError).toBe(false);
  expect(isConnectorError(foreign)).toBe(true);
  expect(toConnectorError(foreign, { connector: 'acme', operation: 'things.get' })).toBe(foreign);
  expect(toConnectorError(copy.connectorError('forbidden', 'no'), { connector: 'acme' })).toMatchObject({
    code: 'forbidden',
    connector: 'acme',
  });
  for (const other of [new Error('x'), null, undefined, 'forbidden', { code: 'forbidden' }]) {
    expect(isConnectorError(other)).toBe(false);
  }
});

test('a code of a newer copy is described as a defect instead of failing', () => {
  const newer = Object.assign(connectorError('internal', 'something new'), { code: 'from-the-future' });
  expect(describeError(newer)).toContain('something new');
  expect(exitStatus(newer)).toBe(1);
});

test('JSON of an error holds what is known and neither cause nor stack', () => {
  const cause = new Error('inner');
  const error = connectorError('rate-limited', 'slow down', {
    connector: 'acme',
    attempts: 2,
    resumeAt: 1,
    cause,
    status: undefined,
  });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'rate-limited',
    message: 'slow down',
    connector: 'acme',
    attempts: 2,
    resumeAt: 1,
  });
  expect(error.cause).toBe(cause);
  expect(Object.keys({ ...error })).not.toContain('cause');
});

test('an error is described in a sentence: where, what, until when, and what to do', () => {
  const details = { connector: 'acme', operation: 'things.get', vendorCode: 'E7', resumeAt: Date.UTC(2026, 0, 1) };
  expect(describeError(connectorError('rate-limited', 'the vendor answered 429', details))).toBe(
    'acme things.get: the vendor answered 429 (E7); not before 2026-01-01T00:00:00.000Z. Run again after resumeAt.',
  );
  const issues = [{ path: 'lines[2].sku', reason: 'is missing' }];
  expect(describeError(connectorError('invalid-record', 'the record does not fit', { issues }))).toContain(
    ' lines[2].sku: is missing;',
  );
});

test('whatever else was thrown becomes an internal error that names its place', () => {
  for (const thrown of [new TypeError('x'), 'text', undefined, null, 7, { code: 'forbidden' }]) {
    const error = toConnectorError(thrown, { connector: 'acme', operation: 'things.get' });
    expect(error).toMatchObject({ code: 'internal', connector: 'acme', operation: 'things.get' });
    expect(error.message).toBe('acme things.get failed unexpectedly: report it to its author');
  }
});

test('every code has its next step, and the exit status of what to do about it', () => {
  for (const [code, entry] of Object.entries(errorCodes)) {
    expect(entry.nextStep, code).toMatch(/^[A-Z].*\.$/);
  }
  const statusOf = (code: keyof typeof errorCodes) => exitStatus(connectorError(code, 'x'));
  expect(['invalid-settings', 'invalid-definition', 'unsafe-url'] as const).toSatisfy((codes) =>
    codes.every((code: keyof typeof errorCodes) => statusOf(code) === 2),
  );
  expect([statusOf('unauthenticated'), statusOf('internal'), statusOf('invalid-record')]).toEqual([1, 1, 1]);
  expect([statusOf('rate-limited'), statusOf('timeout'), statusOf('unknown-outcome'), statusOf('cancelled')]).toEqual([
    75, 75, 75, 75,
  ]);
});

test('a secret prints as [secret] everywhere and is only revealed on demand', () => {
  const sealed = sealSecret('canary-secret');
  const prints = [
    String(sealed),
    JSON.stringify({ sealed }),
    inspect({ sealed }, { showHidden: true, depth: 9 }),
    `${sealed}`,
  ];
  expect(prints.join()).not.toContain('canary');
  expect(prints.every((text) => text.includes('[secret]'))).toBe(true);
  expect(revealSecret(sealed)).toBe('canary-secret');
  expect([isSecret(sealed), isSecret({ ...sealed }), isSecret('x'), isSecret(null)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('a credential from the environment is sealed, and an empty variable counts as missing', () => {
  vi.stubEnv('MORTISE_TEST_TOKEN', 'canary');
  expect(revealSecret(env('MORTISE_TEST_TOKEN'))).toBe('canary');
  vi.stubEnv('MORTISE_TEST_TOKEN', '  ');
  expect(thrownBy(() => env('MORTISE_TEST_TOKEN'))).toMatchObject({
    code: 'invalid-settings',
    message: 'environment variable MORTISE_TEST_TOKEN is empty: set it to the credential',
  });
  vi.unstubAllEnvs();
  expect(thrownBy(() => env('MORTISE_TEST_TOKEN')).message).toContain('is not set');
});
