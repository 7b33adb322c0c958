import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const home = join(import.meta.dirname, '../..');
const source = join(home, '../sync/src');

const place = '  const results = await writeAll(';
const tooEarly = `  const { store, run, clock } = context;
  const nothing = { links: [], deadLetters: [], parked: [], settled: [] };
  const early = { ...nothing, sync: sync.name, connection: sync.to.connection, run, at: clock.now() };
  if (checkpoint !== undefined) await store.commit({ ...early, checkpoint });
`;

/**
 * A copy of the engine that commits the checkpoint of a page before the page is written. It stands in this package,
 * where its imports resolve, until it is removed.
 */
export const mutantEngine = (): { readonly module: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(home, '.mutant-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  const file = join(folder, 'pipeline.ts');
  const text = readFileSync(file, 'utf8');
  const parts = text.split(place);
  if (parts.length !== 2) {
    remove();
    throw new Error(`the place of the mutation is there ${parts.length - 1} times in pipeline.ts: mend the test`);
  }
  writeFileSync(file, parts.join(`${tooEarly}${place}`));
  return { module: join(folder, 'index.ts'), remove };
};
