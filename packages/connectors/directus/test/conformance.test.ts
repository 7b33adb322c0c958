import { conformance } from '@mortise/testing';
import { expect, test } from 'vitest';
import directus from '../src/index.ts';
import { world } from './conformance-world.ts';

conformance(directus, {
  test: (name, run) => test(name, run, 180_000),
  expect,
  world,
  sheet: new URL('../conformance.json', import.meta.url),
});
