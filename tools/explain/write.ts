// `npm run explain`: writes the tables of every connector's mappings into its page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorFolders, root } from '../house.ts';
import { readPages } from './pages.ts';

for (const { page, current } of await readPages(connectorFolders())) {
  if (page.text === current) continue;
  writeFileSync(join(root, page.path), current);
  process.stdout.write(`${page.path} written\n`);
}
