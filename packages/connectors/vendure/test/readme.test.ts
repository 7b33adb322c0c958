import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import vendure, {
  customerMapping,
  orderLineMapping,
  orderMapping,
  stockLevelMapping,
  variantMapping,
} from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]?.trim() ?? '';

/** The page's formatter widens the cells of tables. */
const narrow = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

test('the mapping tables of the page are those of the mappings', () => {
  const mappings = [customerMapping, variantMapping, orderMapping, orderLineMapping, stockLevelMapping];
  const tables = mappings.map((mapping) => mapping.explain().trim());
  expect(narrow(section('Mappings'))).toBe(narrow(tables.join('\n\n')));
});

test('the example of the page is the one that is compiled', async () => {
  const example = await readFile(new URL('./example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test('the page names every setting and credential', () => {
  const { settings, credentials } = vendure.vendor;
  for (const name of [...Object.keys(settings.shape), ...Object.keys(credentials.shape)]) {
    expect(page).toContain(`\`${name}\``);
  }
});
