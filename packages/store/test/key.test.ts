import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyFromEnvironment } from '../src/index.ts';
import { refusal, temporaryFolder } from './fixture.ts';

test('the key is the 32 bytes of MORTISE_KEY, and no file is made', async () => {
  const directory = temporaryFolder();
  const key = randomBytes(32);
  for (const text of [key.toString('base64'), key.toString('base64url'), `${key.toString('base64')}\n`]) {
    expect(await keyFromEnvironment({ directory, environment: { MORTISE_KEY: text } })).toEqual(key);
  }
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['', 'is empty'],
  ['  ', 'is empty'],
  ['c2hvcnQ=', 'is not 32 bytes in base64'],
  [randomBytes(33).toString('base64'), 'is not 32 bytes in base64'],
  [`${randomBytes(32).toString('base64')}!`, 'is not 32 bytes in base64'],
  ['correct horse battery staple', 'is not 32 bytes in base64'],
])('MORTISE_KEY %j is refused by name, without its value', async (text, fault) => {
  const error = await refusal(keyFromEnvironment({ directory: temporaryFolder(), environment: { MORTISE_KEY: text } }));
  expect(error.code).toBe('invalid-settings');
  expect(error.message).toContain(`MORTISE_KEY ${fault}`);
  if (text.trim()) expect(error.message).not.toContain(text.trim());
});

test('production without a key is refused and makes no file', async () => {
  const directory = temporaryFolder();
  const error = await refusal(keyFromEnvironment({ directory, environment: { NODE_ENV: 'production' } }));
  expect([error.code, error.message]).toEqual(['invalid-settings', expect.stringContaining('MORTISE_KEY is missing')]);
  expect(readdirSync(directory)).toEqual([]);
});

test('without a key a file is made for the owner alone, and read the next time', async () => {
  const directory = join(temporaryFolder(), '.mortise');
  const key = await keyFromEnvironment({ directory, environment: {} });
  expect(key).toHaveLength(32);
  expect(readdirSync(directory)).toEqual(['key']);
  expect(statSync(join(directory, 'key')).mode & 0o777).toBe(0o600);
  expect(await keyFromEnvironment({ directory, environment: {} })).toEqual(key);
  expect(readFileSync(join(directory, 'key'), 'utf8').trim()).toBe(Buffer.from(key).toString('base64'));
});

test('processes that start together end with one key', async () => {
  const directory = temporaryFolder();
  const keys = await Promise.all(Array.from({ length: 8 }, () => keyFromEnvironment({ directory, environment: {} })));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(readdirSync(directory)).toEqual(['key']);
});

test('a key file that holds no key is refused and left as it is', async () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, 'key'), 'not a key');
  const error = await refusal(keyFromEnvironment({ directory, environment: {} }));
  expect([error.code, error.message]).toEqual(['invalid-settings', expect.stringContaining('does not hold 32 bytes')]);
  expect(readFileSync(join(directory, 'key'), 'utf8')).toBe('not a key');
});

test('a folder that cannot be made is refused', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const error = await refusal(keyFromEnvironment({ directory: file, environment: {} }));
  expect(error.code).toBe('invalid-settings');
  expect(existsSync(join(file, 'key'))).toBe(false);
});
