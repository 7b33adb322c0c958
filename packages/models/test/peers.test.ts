import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { countryAlpha3, countryCode, countryName } from '../src/country.ts';
import { phoneNumber } from '../src/phone.ts';

const run = promisify(execFile);

test.each([
  ['phone', 'libphonenumber-js'],
  ['country', 'i18n-iso-countries'],
])('without its peer, /%s says in one sentence what to install', async (subpath, peer) => {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // A copy that lies where no node_modules can be found.
  cpSync(join(import.meta.dirname, '..', 'src'), folder, { recursive: true });
  const failed = await run(process.execPath, [join(folder, `${subpath}.ts`)]).then(
    () => 'it was loaded',
    ({ stderr }: { stderr: string }) => stderr,
  );
  expect(failed).toContain(
    `Error: @mortise/models needs the package ${peer}, which is an optional peer: npm install ${peer}`,
  );
});

test('phone numbers become E.164, by the country given or the one they name', () => {
  const german = phoneNumber({ country: 'DE' });
  expect(['030 901820', '+49 (0)30 901820', '0049 30 901820'].map(german.decode)).toEqual(Array(3).fill('+4930901820'));
  expect(german.decode('+44 20 7946 0958')).toBe('+442079460958');
  expect(german.encode('+4930901820')).toBe('+4930901820');
  expect(german.loss).toBe('the spelling of the number');
});

test('what is no phone number is refused, or kept where declared', () => {
  expect(() => phoneNumber().decode('030 901820')).toThrow('is no valid phone number');
  expect(() => phoneNumber({ country: 'US' }).decode('(212) 555-0123 ext. 5')).toThrow('has an extension');
  expect(phoneNumber({ country: 'DE', invalid: 'keep' }).decode('ask at the desk')).toBe('ask at the desk');
  expect(() => phoneNumber({ country: 'Germany' })).toThrow('not an ISO 3166-1 alpha-2 code');
});

test('country names are read in the languages given and written in the first', () => {
  const names = countryName(['en', 'de']);
  expect(['Germany', 'deutschland', 'USA', ' France '].map(names.decode)).toEqual(['DE', 'DE', 'US', 'FR']);
  expect(names.encode('DE')).toBe('Germany');
  expect(countryName(['de', 'en']).encode('FR')).toBe('Frankreich');
  expect(() => names.decode('Narnia')).toThrow('is no name of a country');
  expect(() => names.encode('XX')).toThrow('alpha-2');
  expect(() => countryName(['tlh'])).toThrow('not a known ISO 639-1 code');
});

test('country codes are checked, and those of three letters are translated', () => {
  expect([countryAlpha3.decode('DEU'), countryAlpha3.encode('DE'), countryCode.decode('DE')]).toEqual([
    'DE',
    'DEU',
    'DE',
  ]);
  for (const wrong of ['de', 'UK', '', 'constructor']) expect(() => countryCode.decode(wrong)).toThrow('alpha-2');
  for (const wrong of ['deu', 'XXX', '__proto__']) expect(() => countryAlpha3.decode(wrong)).toThrow('alpha-3');
});
