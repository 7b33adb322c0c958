// `npm run explain`: writes the tables of every connector's mappings into its page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorFolders, root } from '../house.ts';
import { isCurrent, readPages } from './pages.ts';

for (const explained of await readPages(connectorFolders())) {
  if (isCurrent(explained)) continue;
  const { page, current } = explained;
  writeFileSync(join(root, page.path), current);
  process.stdout.write(`${page.path} written\n`);
}
