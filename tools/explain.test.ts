import { expect, test } from 'vitest';
import { command, explainedPage, readPages, stalePages, tablesOf, withTables } from './explain/pages.ts';
import { connectorFolders } from './house.ts';

const mapping = (title: string) => ({ explain: () => `### ${title}\n\n| model |\n` });
const page = (text: string) => ({ path: 'packages/connectors/acme/README.md', text });

test('the tables of every connector’s page are those of its mappings', async () => {
  const pages = await readPages(connectorFolders());
  expect(pages.length).toBeGreaterThan(0);
  expect(stalePages(pages).join('\n')).toBe('');
});

test('a page whose table differs is stale, by its path and with the command that mends it', () => {
  const text = '# Acme\n\n## Mappings\n\n### old\n\n| model |\n';
  const stale = explainedPage(page(text), { personMapping: mapping('new') });
  expect(stalePages([stale])).toEqual([
    `packages/connectors/acme/README.md: the tables are not those of the mappings: ${command}`,
  ]);
  expect(stalePages([explainedPage(page(stale.current), { personMapping: mapping('new') })])).toEqual([]);
});

test('cells that the formatter widened do not make a page stale', () => {
  const wide = '# Acme\n\n## Mappings\n\n### new\n\n|   model    |\n';
  expect(stalePages([explainedPage(page(wide), { personMapping: mapping('new') })])).toEqual([]);
});

test('only what stands beneath the heading is replaced', () => {
  const text = '# Acme\n\n## Mappings\n\n### old\n\n## Limits\n\nNone.\n';
  expect(withTables(text, '### new')).toBe('# Acme\n\n## Mappings\n\n### new\n\n## Limits\n\nNone.\n');
  expect(() => explainedPage(page('# Acme\n'), { personMapping: mapping('new') })).toThrow("no heading '## Mappings'");
});

test('tables stand in the order of the names of their mappings', () => {
  const exported = { b: mapping('second'), a: mapping('first'), settings: { shape: {} }, version: '1' };
  expect(tablesOf(exported)).toBe('### first\n\n| model |\n\n### second\n\n| model |');
});
