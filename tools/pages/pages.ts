import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorFolders, root, type SourceText } from '../house.ts';
import { withChecks } from './checks.ts';
import { errorsPage } from './errors.ts';
import { mappingPages } from './mappings.ts';
import type { GeneratedPage } from './page.ts';
import { sheetPages } from './sheets.ts';

const readPage = (path: string): SourceText => {
  const file = join(root, path);
  return { path, text: existsSync(file) ? readFileSync(file, 'utf8') : '' };
};

const textOf = (path: string): string => readPage(path).text;

/** Pages with two generated parts: what one has made is where the other begins. */
const merged = (pages: readonly GeneratedPage[], others: readonly GeneratedPage[]): readonly GeneratedPage[] => {
  const paths = others.map(({ page }) => page.path);
  return [...pages.filter(({ page }) => !paths.includes(page.path)), ...others];
};

/**
 * All pages that are made from code: the list of error codes, the checks of the conformance suite, the mappings of every
 * connector, and what its capability sheet says.
 */
export const readPages = async (): Promise<readonly GeneratedPage[]> => {
  const mapped = await mappingPages(connectorFolders());
  const made = new Map(mapped.map(({ page, current }) => [page.path, current]));
  const sheets = sheetPages(connectorFolders(), (path) => made.get(path) ?? textOf(path));
  // Stale is what differs from the file, whichever part of it is.
  const judged = sheets.map(({ page, current }) => ({ page: readPage(page.path), current }));
  const suite = readPage('docs/conformance.md');
  return [
    { page: readPage('docs/errors.md'), current: errorsPage() },
    { page: suite, current: withChecks(suite.text) },
    ...merged(mapped, judged),
  ];
};
