// `npm run docs`: writes the pages, and the tables in pages, that are made from code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house.ts';
import { isCurrent } from './page.ts';
import { readPages } from './pages.ts';

for (const each of await readPages()) {
  if (isCurrent(each)) continue;
  const { page, current } = each;
  writeFileSync(join(root, page.path), current);
  process.stdout.write(`${page.path} written\n`);
}
