import { afterAll, describe, expect, test } from 'vitest';
import { checks, judge, verdictsOf } from '../../src/index.ts';
import { brokenAnswers } from './broken/answers.ts';
import { brokenCalls } from './broken/calls.ts';
import { brokenDefinitions } from './broken/definition.ts';
import { brokenEvents } from './broken/events.ts';
import { brokenLists } from './broken/lists.ts';
import { brokenWrites } from './broken/writes.ts';
import { world } from './reference/world.ts';

const broken = {
  ...brokenDefinitions,
  ...brokenLists,
  ...brokenAnswers,
  ...brokenCalls,
  ...brokenWrites,
  ...brokenEvents,
};

test('there is a connector broken in the way of every check', () => {
  expect(Object.keys(broken).sort()).toEqual(checks.map(({ id }) => id).sort());
});

describe('a connector that is broken in one way fails the check of it, and it alone', () => {
  const caught: string[] = [];

  test.each(Object.entries(broken))(
    '%s',
    async (id, make) => {
      const found = verdictsOf(await judge(make(), world).sheet()).filter(({ state }) => state === 'failed');
      expect(found.map(({ check, reason }) => `${check}: ${reason}`)).toEqual([expect.stringMatching(`^${id}: `)]);
      caught.push(id);
    },
    120_000,
  );

  afterAll(() => {
    const total = Object.keys(broken).length;
    process.stdout.write(`${caught.length} of ${total} broken connectors caught: ${caught.join(', ')}\n`);
  });
});
