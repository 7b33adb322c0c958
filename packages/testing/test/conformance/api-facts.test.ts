import { expect, test } from 'vitest';
import { z } from 'zod';
import { checks, judge, type World } from '../../src/index.ts';
import { variation } from './broken/variation.ts';
import { api } from './reference/connector.ts';
import { world } from './reference/world.ts';

const ended = { ...api, version: 'first', sunset: '2026-01-31' };

/** A connector of two APIs, of which the settings choose one; the default has ended. */
const ofTwoApis = variation({
  vendor: {
    settings: z.strictObject({ baseUrl: z.url(), version: z.enum(['first', 'second']).default('first') }),
    api: ({ version }: { version: string }) => (version === 'first' ? ended : api),
  },
});

const worldOf = (given: object): World => ({
  ...world,
  start: async () => ({ ...(await world.start()), settings: (baseUrl) => ({ baseUrl, ...given }) }),
});

const verdicts = async (given: object) => {
  const judged = judge(ofTwoApis, worldOf(given));
  const states = [];
  for (const check of checks.filter(({ id }) => id === 'api-facts-stated' || id === 'api-in-service')) {
    states.push(...Object.values(await judged.verdicts(check)).map(({ state }) => state));
  }
  return states;
};

test('the facts that are judged are those of the settings of the world', async () => {
  expect(await verdicts({ version: 'second' })).toEqual(['passed', 'passed']);
  expect(await verdicts({})).toEqual(['passed', 'failed']);
});

test('facts that cannot be told for the settings fail the check', async () => {
  expect(await verdicts({ version: 'third' })).toEqual(['failed', 'failed']);
});

test('the sheet holds the facts of the settings', async () => {
  const sheet = await judge(ofTwoApis, worldOf({ version: 'second' })).sheet();
  expect(sheet.api).toEqual(api);
}, 120_000);

test('a world that does not start tells nothing of them, and its sheet is still made', async () => {
  const start = () => Promise.reject(new Error('no vendor'));
  const sheet = await judge(ofTwoApis, { ...world, start }).sheet();
  expect(sheet.api).toBe('not stated');
});
