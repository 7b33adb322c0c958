import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorFolders, root, type SourceText } from '../house.ts';
import { errorsPage } from './errors.ts';
import { mappingPages } from './mappings.ts';
import type { GeneratedPage } from './page.ts';

const readPage = (path: string): SourceText => {
  const file = join(root, path);
  return { path, text: existsSync(file) ? readFileSync(file, 'utf8') : '' };
};

/** All pages that are made from code: the list of error codes, and the mappings of every connector. */
export const readPages = async (): Promise<readonly GeneratedPage[]> => [
  { page: readPage('docs/errors.md'), current: errorsPage() },
  ...(await mappingPages(connectorFolders())),
];
