import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apiVersion, neededProperties, vendorFacts } from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');
test('the example of the page is the one that is compiled', async () => {
  const example = await readFile(new URL('./example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test('the page names every scope, every needed property and the version', () => {
  const scopes = Object.values(vendorFacts.scopes).flatMap(({ read, write }) => [...read, ...write]);
  for (const name of [...scopes, ...neededProperties.map((property) => property.name), apiVersion]) {
    expect(page).toContain(`\`${name}\``);
  }
});
