import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { openStore } from '../src/index.ts';
import { nextLine, startChild } from './child-process.ts';
import { behindItsBack, commitOf, freshStore, linkOf, open, refusal } from './fixture.ts';

const killAfter = async (child: ChildProcessWithoutNullStreams, line: string): Promise<void> => {
  for await (const printed of createInterface(child.stdout)) if (printed === line) break;
  child.kill('SIGKILL');
};

/** A clock whose waits take no time: 5 seconds pass in 500 steps. */
const jumpingClock = (): Clock & { readonly waits: number[] } => {
  let time = 0;
  const waits: number[] = [];
  const schedule = (callback: () => void, milliseconds: number) => {
    time += milliseconds;
    waits.push(milliseconds);
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  };
  return { waits, now: () => time, monotonic: () => time, schedule };
};

test('a commit waits for a second process, lets timers run meanwhile, and is then kept', async () => {
  const { path, key, store } = await freshStore();
  const child = startChild('hold', { path, key });
  expect(await nextLine(child)).toBe('holding');
  const order: string[] = [];
  const commit = store.commit(commitOf({ links: [linkOf('1')] })).then(() => order.push('commit'));
  await new Promise<void>((resolve) => setTimeout(resolve, 60));
  order.push('timer');
  expect((await store.readLinks('products', ['1'])).size).toBe(0); // reading goes on
  child.stdin.write('x');
  await commit;
  expect(order).toEqual(['timer', 'commit']);
  expect((await store.readLinks('products', ['1'])).size).toBe(1);
});

test('a second process that does not let go ends in state-busy after 5 seconds, and nothing is lost', async () => {
  const { path, key } = await freshStore();
  const clock = jumpingClock();
  const store = await open({ path, key, clock });
  await store.commit(commitOf({ links: [linkOf('1')] }));
  const child = startChild('hold', { path, key });
  await nextLine(child);
  const error = await refusal(store.commit(commitOf({ links: [linkOf('2')] })));
  expect([error.code, error.message]).toEqual(['state-busy', expect.stringMatching(/is held by another process/)]);
  expect(clock.waits.reduce((sum, wait) => sum + wait)).toBe(5_000);
  child.stdin.write('x');
  await once(child, 'exit');
  await store.commit(commitOf({ links: [linkOf('3')] }));
  expect([...(await store.readLinks('products', ['1', '2', '3'])).keys()]).toEqual(['1', '3']);
});

test('an up-to-date file opens also while another process writes', async () => {
  const { path, key, store } = await freshStore();
  await store.close();
  await nextLine(startChild('hold', { path, key }));
  const again = await open({ path, key });
  expect(await again.readCheckpoint('products')).toBeUndefined();
});

test('two processes that open a new file at once both get it', async () => {
  const { path } = await freshStore();
  const key = randomBytes(32);
  const fresh = join(dirname(path), 'fresh.db');
  const children = [1, 2, 3].map(() => startChild('tryToOpen', { path: fresh, key }));
  expect(await Promise.all(children.map(nextLine))).toEqual(['opened 0', 'opened 0', 'opened 0']);
  expect(behindItsBack(fresh, 'SELECT count(*) AS count FROM key_check')).toEqual([{ count: 1 }]);
});

test('kill -9 leaves the last commit whole: links, journal and checkpoint agree', { timeout: 60_000 }, async () => {
  const { path, key, store } = await freshStore();
  await store.close();
  for (const stopAfter of ['3', '40', '111']) {
    behindItsBack(path, 'DELETE FROM link');
    behindItsBack(path, 'DELETE FROM journal');
    const child = startChild('commitForever', { path, key });
    const [, signal] = await Promise.all([killAfter(child, stopAfter), once(child, 'exit')]);
    expect(signal).toEqual([null, 'SIGKILL']);
    const survivor = await openStore({ path, key });
    const batches = Number((await survivor.readCheckpoint('products'))?.cursor);
    expect(batches).toBeGreaterThanOrEqual(Number(stopAfter));
    const keys = Array.from({ length: 25 }, (_, index) => `${batches}-${index}`);
    expect((await survivor.readLinks('products', [...keys, `${batches + 1}-0`])).size).toBe(25);
    await survivor.close();
    const counts = 'SELECT (SELECT count(*) FROM link) AS links, (SELECT count(*) FROM journal) AS entries';
    expect(behindItsBack(path, counts)).toEqual([{ links: batches * 25, entries: batches * 25 }]);
    expect(behindItsBack(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  }
});

test('two stores of one process and a second process share a file without losing a commit', async () => {
  const { path, key, store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')] }));
  await open({ path, key });
  expect(await nextLine(startChild('tryToOpen', { path, key }))).toBe('opened 1');
  await store.commit(commitOf({ links: [linkOf('2')] }));
  expect(await nextLine(startChild('tryToOpen', { path, key }))).toBe('opened 2');
});

test('a file that may only be read is refused', async () => {
  const { path, key, store } = await freshStore();
  await store.close();
  const root = process.getuid?.() === 0;
  const nobody = 65_534;
  if (root) chownSync(path, nobody, nobody);
  chmodSync(dirname(path), 0o755);
  chmodSync(path, 0o444);
  const child = startChild('tryToOpen', { path, key, ...(root ? { uid: nobody } : {}) });
  const answer = await nextLine(child);
  expect(answer).toMatch(/^state-refused state file .* cannot be written: give this user the right/);
  expect(statSync(path).mode & 0o777).toBe(0o444);
});

test('opening prints nothing, on no version of node', async () => {
  const { path, key, store } = await freshStore();
  await store.close();
  const child = startChild('tryToOpen', { path, key });
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  expect(await nextLine(child)).toBe('opened 0');
  await once(child, 'exit');
  expect(errors).toEqual([]);
});
