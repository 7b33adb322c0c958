import { readFile } from 'node:fs/promises';
import { apiFactsOf } from '@mortise/runtime';
import { requiredPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import directus from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');

test('the example of the page is the one that is compiled', async () => {
  const example = await readFile(new URL('./example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test('the page names the version, every setting, field, credential and permission', () => {
  const { settings, credentials } = directus.vendor;
  const api = apiFactsOf(directus);
  const { items, stockLevels } = settings.parse({ url: 'https://stock.example.com' });
  const every = ['list', 'get', 'find', 'deletions', 'subscribe', 'update', 'upsert', 'remove'] as const;
  const permissions = requiredPermissions(directus, { items: every, stockLevels: every });
  const fields = [items, stockLevels].flatMap((each) => Object.keys(each.fields));
  const names = [...Object.keys(settings.shape), ...Object.keys(credentials.shape), ...fields, ...permissions];
  for (const name of [...names, api?.version ?? 'none']) expect(page).toContain(`\`${name}\``);
});
