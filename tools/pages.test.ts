import { expect, test } from 'vitest';
import { errorCodes } from '../packages/runtime/src/errors/codes.ts';
import { errorsPage } from './pages/errors.ts';
import { mappingPage, tablesOf, withTables } from './pages/mappings.ts';
import { command, stalePages } from './pages/page.ts';
import { readPages } from './pages/pages.ts';
import { connectorsPage, type Sheet, withSupport } from './pages/sheets.ts';

test('the pages that are made from code are current: error codes, mappings, checks and capability sheets', async () => {
  const pages = await readPages();
  expect(pages[0]?.page.path).toBe('docs/errors.md');
  expect(pages.length).toBeGreaterThan(1);
  expect(stalePages(pages).join('\n')).toBe('');
});

test('every error code has a section with its meaning, what to do and its exit status', () => {
  const page = errorsPage();
  for (const [code, { nextStep, exitStatus }] of Object.entries(errorCodes)) {
    const section = page.split(`\n## ${code}\n`)[1]?.split('\n## ')[0] ?? '';
    const [, meaning = '', ...rest] = section.split('\n');
    expect([code, meaning.length > 20], section).toEqual([code, true]);
    expect(rest.join('\n')).toContain(nextStep);
    expect(rest.join('\n')).toContain(`:** ${exitStatus} (`);
  }
});

const mapping = (title: string) => ({ explain: () => `### ${title}\n\n| model |\n` });
const page = (text: string) => ({ path: 'packages/connectors/acme/README.md', text });

test('a page whose table differs is stale, by its path and with the command that mends it', () => {
  const text = '# Acme\n\n## Mappings\n\n### old\n\n| model |\n';
  const stale = mappingPage(page(text), { personMapping: mapping('new') });
  expect(stalePages([stale])).toEqual([`packages/connectors/acme/README.md: it is not what the code says: ${command}`]);
  expect(stalePages([mappingPage(page(stale.current), { personMapping: mapping('new') })])).toEqual([]);
});

test('cells that the formatter widened do not make a page stale', () => {
  const wide = '# Acme\n\n## Mappings\n\n### new\n\n|   model    |\n';
  expect(stalePages([mappingPage(page(wide), { personMapping: mapping('new') })])).toEqual([]);
});

test('only what stands beneath the heading is replaced', () => {
  const text = '# Acme\n\n## Mappings\n\n### old\n\n## Limits\n\nNone.\n';
  expect(withTables(text, '### new')).toBe('# Acme\n\n## Mappings\n\n### new\n\n## Limits\n\nNone.\n');
  expect(() => mappingPage(page('# Acme\n'), { personMapping: mapping('new') })).toThrow("no heading '## Mappings'");
});

test('tables stand in the order of the names of their mappings', () => {
  const exported = { b: mapping('second'), a: mapping('first'), settings: { shape: {} }, version: '1' };
  expect(tablesOf(exported)).toBe('### first\n\n| model |\n\n### second\n\n| model |');
});

const sheet: Sheet = {
  connector: 'acme',
  world: 'Acme sandbox',
  kind: 'sandbox',
  api: { version: '2026-10', sunset: '2027-10-31', sources: ['https://acme.example'] },
  webhooks: 'absent',
  checks: [{ check: 'api-facts-stated', state: 'passed' }],
  resources: {
    people: {
      operations: { list: ['people.read'], get: 'absent' },
      checks: [
        { check: 'list-complete', state: 'passed' },
        { check: 'expired-page-told', state: 'unproved', reason: 'no answer for it' },
        { check: 'find-by-key', state: 'absent' },
      ],
    },
    firms: { operations: { list: [], get: [] }, checks: [{ check: 'list-complete', state: 'passed' }] },
  },
};

const begin = '<!-- support: generated from conformance.json by npm run docs -->';

test('a support table names each operation as there or absent, and what was not judged', () => {
  const made = withSupport(`# Acme\n\n${begin}\nstale\n<!-- /support -->\n\n## Limits\n`, [sheet]) ?? '';
  expect(made).not.toContain('stale');
  expect(made).toContain('Judged on Acme sandbox (sandbox). API version 2026-10, ends: 2027-10-31.');
  expect(made).toMatch(/\| people \| yes \| absent \|.*\| 1 passed, 1 not judged \|/);
  expect(made).toMatch(/\| firms \| yes \| yes \|.*\| 1 passed \|/);
  expect(made).toContain('- expired-page-told: no answer for it (people)');
  expect(made.endsWith('<!-- /support -->\n\n## Limits\n')).toBe(true);
  expect(withSupport('# Acme\n', [sheet])).toBeUndefined();
});

test('the page of connectors has a row and a section for each that was judged', () => {
  const made = connectorsPage([[sheet]]);
  expect(made).toContain('| [acme](../packages/connectors/acme/README.md) | 2026-10 | 2027-10-31 |');
  expect(made).toContain('\n## acme\n');
});

test('a connector with two sheets has both tables, a row for each, and the points in which they differ', () => {
  const { people, firms } = sheet.resources;
  const operations = { ...people?.operations, get: ['people.read'] };
  const checks = (people?.checks ?? []).filter(({ check }) => check !== 'expired-page-told');
  const proven = [...checks, { check: 'expired-page-told', state: 'passed' as const }];
  const resources = { people: { operations, checks: proven }, ...(firms && { firms }) };
  const other: Sheet = { ...sheet, world: 'Acme by post', resources };
  const made = connectorsPage([[sheet, other]]);
  expect(made.match(/\n\| \[acme\]/g)).toHaveLength(2);
  expect(made.match(/\n## acme\n/g)).toHaveLength(1);
  expect(made).toContain('Judged on Acme by post (sandbox).');
  expect(made).toContain(
    'Acme sandbox and Acme by post have not the same operations, and the same verdicts where both could be judged.',
  );
  expect(made).toContain('Operations that one of them lacks:\n\n- get: absent and yes (people)');
  expect(made).toContain('judged on one of them alone:\n\n- expired-page-told: unproved and passed (people)');
  expect(connectorsPage([[sheet, { ...sheet, world: 'twin' }]])).toContain(
    'Acme sandbox and twin have the same operations, and the same verdicts where both could be judged.\n',
  );
});
