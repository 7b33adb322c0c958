import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const entry = join(import.meta.dirname, '../src/protocols/webhooks/index.ts');

/** Prints every module that is loaded when the entry is imported. */
const program = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  await import(${JSON.stringify(entry)});
  console.log(JSON.stringify(loaded));
`;

test('receiving webhooks loads no HTTP client, and of all libraries zod alone', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  // Printed by the program above.
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.some((url) => url.endsWith('/webhooks/receive.ts'))).toBe(true);
  const libraries = loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  expect([...new Set(libraries)]).toEqual(['zod']);
});
