import { readFile } from 'node:fs/promises';
import { requiredPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import shopify, { apiVersion, settings } from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');

test('the example of the page is the one that is compiled', async () => {
  const example = await readFile(new URL('./example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test('the page names the version, every setting, and every scope that an operation needs', () => {
  const use = Object.fromEntries(
    Object.entries(shopify.resources).map(([name, { operations }]) => [name, Object.keys(operations)]),
  );
  const scopes = requiredPermissions(shopify, use as never);
  for (const name of [apiVersion, ...Object.keys(settings.shape), ...scopes]) expect(page).toContain(`\`${name}\``);
});
