import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'new-user-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm i @mortise/connector-shopify @mortise/sandbox-shopify` brings of ours, the peers among it. */
const packages = ['runtime', 'models', 'testing', 'connectors/shopify', 'sandboxes/shopify'];

/** The first example of a README. */
const exampleOf = (readme: string): string => /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8'))?.[1] ?? '';

test('a new user installs connector and sandbox, and the ten lines of the README list the products', {
  timeout: 180_000,
}, async () => {
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  const paths = packages.map((name) => join(root, 'packages', name));
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, ...paths], { cwd: root });
  const archives = stdout.trim().split('\n');
  expect(archives).toHaveLength(packages.length);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', [...install, ...archives.map((name) => join(folder, name))], { cwd: app });
  const example = exampleOf(join(root, 'packages', 'connectors', 'shopify', 'README.md'));
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(12);
  writeFileSync(join(app, 'list.ts'), example);
  const listed = await run(process.execPath, ['list.ts'], { cwd: app, maxBuffer: 16 * 1024 * 1024 });
  expect(listed.stdout.trim().split('\n')).toHaveLength(2_400);
  expect(listed.stdout).toContain('SKU-1-0 Chaise à bascule 1');
  expect(listed.stderr).toBe('');
});
