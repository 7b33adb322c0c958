import { expect, test } from 'vitest';
import { conformance, judge, verdictsOf } from '../../src/index.ts';
import { reference } from './reference/connector.ts';
import { world } from './reference/world.ts';

conformance(reference, { test, expect, world });

test('nothing is left unjudged on the reference', async () => {
  const judged = judge(reference, world);
  const open = verdictsOf(await judged.sheet()).filter(({ state }) => state !== 'passed');
  expect(open).toEqual([]);
}, 120_000);
