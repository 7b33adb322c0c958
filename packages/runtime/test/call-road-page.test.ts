import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CallLimits } from '../src/resilience/limits.ts';

test('the page of the call road names each limit with its default', () => {
  const page = readFileSync(new URL('../../../docs/call-road.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^ ]+) +\|/gm)].map(([, name, value]) => [name, value]);
  const defaults = Object.entries(CallLimits.parse({})).map(([name, value]) => [
    name,
    typeof value === 'string' ? `'${value}'` : String(value),
  ]);
  expect(rows).toEqual(defaults);
});
