import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, type SourceText } from '../house.ts';
import type { GeneratedPage } from './page.ts';

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
export const mappingPage = (page: SourceText, exported: Readonly<Record<string, unknown>>): GeneratedPage => {
  const current = withTables(page.text, tablesOf(exported));
  if (current === undefined) throw new Error(`${page.path} has no heading '## Mappings' for its tables`);
  return { page, current };
};

/** The pages of connectors that have mappings: their tables are those of the built packages. */
export const mappingPages = async (folders: readonly string[]): Promise<readonly GeneratedPage[]> => {
  const pages: GeneratedPage[] = [];
  for (const folder of folders) {
    const file = join(root, folder, 'dist', 'index.js');
    if (!existsSync(file)) throw new Error(`${folder} is not built: npm run build`);
    const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
    if (tablesOf(exported) === '') continue;
    const path = `${folder}/README.md`;
    pages.push(mappingPage({ path, text: readFileSync(join(root, path), 'utf8') }, exported));
  }
  return pages;
};
