import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, type SourceText } from '../house.ts';

/** Rewrites the tables of every connector's page. */
export const command = 'npm run explain';

/** A connector's page as it is, and as its mappings say that it should be. */
export interface ExplainedPage {
  readonly page: SourceText;
  readonly current: string;
}

interface Explaining {
  readonly explain: () => string;
}

const explains = (value: unknown): value is Explaining =>
  typeof value === 'object' && value !== null && 'explain' in value && typeof value.explain === 'function';

/** The tables of all mappings that a module exports, by the names of its exports. */
export const tablesOf = (exported: Readonly<Record<string, unknown>>): string =>
  Object.entries(exported)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, value]) => (explains(value) ? [value.explain().trim()] : []))
    .join('\n\n');

const heading = '\n## Mappings\n';

/** The page with other tables beneath its heading of mappings; undefined where it has no such heading. */
export const withTables = (text: string, tables: string): string | undefined => {
  const start = text.indexOf(heading);
  if (start < 0) return undefined;
  const from = start + heading.length;
  const next = text.indexOf('\n## ', from);
  const rest = next < 0 ? '' : text.slice(next);
  return `${text.slice(0, from)}\n${tables}\n${rest}`;
};

/** The page of a connector, from its folder and what its built package exports. */
export const explainedPage = (page: SourceText, exported: Readonly<Record<string, unknown>>): ExplainedPage => {
  const current = withTables(page.text, tablesOf(exported));
  if (current === undefined) throw new Error(`${page.path} has no heading '## Mappings' for its tables`);
  return { page, current };
};

/** Reads the pages of connectors that have mappings, and their built packages. */
export const readPages = async (folders: readonly string[]): Promise<readonly ExplainedPage[]> => {
  const pages: ExplainedPage[] = [];
  for (const folder of folders) {
    const file = join(root, folder, 'dist', 'index.js');
    if (!existsSync(file)) throw new Error(`${folder} is not built: npm run build`);
    const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
    if (tablesOf(exported) === '') continue;
    const path = `${folder}/README.md`;
    pages.push(explainedPage({ path, text: readFileSync(join(root, path), 'utf8') }, exported));
  }
  return pages;
};

/** The formatter widens the cells of tables, and a page is not stale for that. */
const narrow = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

/** Whether the page says what its mappings say. */
export const isCurrent = ({ page, current }: ExplainedPage): boolean => narrow(page.text) === narrow(current);

/** Pages that differ from their mappings, and what brings them up to date. */
export const stalePages = (pages: readonly ExplainedPage[]): string[] =>
  pages
    .filter((each) => !isCurrent(each))
    .map(({ page }) => `${page.path}: the tables are not those of the mappings: ${command}`);
