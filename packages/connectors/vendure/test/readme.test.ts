import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import vendure from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');
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
