import { expect, test } from 'vitest';
import { conformance, judge, verdictsOf } from '../../src/index.ts';
import { reference } from './reference/connector.ts';
import { realWorld, world } from './reference/world.ts';

conformance(reference, { test, expect, world });

test('nothing is left unjudged on the reference', async () => {
  const judged = judge(reference, world);
  const open = verdictsOf(await judged.sheet()).filter(({ state }) => state !== 'passed');
  expect(open).toEqual([]);
}, 120_000);

test('a real server is started once, and judged like a stand-in: keys, records and time of one check are not those of the next', async () => {
  let starts = 0;
  const start = () => {
    starts += 1;
    return realWorld.start();
  };
  const judged = judge(reference, { ...realWorld, start });
  const open = verdictsOf(await judged.sheet()).filter(({ state }) => state !== 'passed');
  await judged.stop();
  expect(open).toEqual([]);
  expect(starts).toBe(1);
}, 120_000);
