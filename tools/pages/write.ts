// `npm run docs`: writes the pages that are generated from code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house.ts';
import { generatedPages } from './pages.ts';

for (const [path, make] of Object.entries(generatedPages)) {
  writeFileSync(join(root, path), make());
  process.stdout.write(`${path}\n`);
}
