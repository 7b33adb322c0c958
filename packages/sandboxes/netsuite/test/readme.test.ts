import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSettings } from '../src/index.ts';

test('the README tells every setting, and none that is not there', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const section = text.slice(text.indexOf('## Settings'), text.indexOf('## SuiteQL'));
  const told = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual(Object.keys(defaultSettings).toSorted());
});
