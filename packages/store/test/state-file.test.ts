import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@mortise/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { migrate, migrations } from '../src/migrations/migrate.ts';
import { openSqlite } from '../src/sqlite/database.ts';
import { stateError } from '../src/sqlite/failure.ts';
import { behindItsBack, commitOf, freshStore, linkOf, open, refusal, temporaryFolder } from './fixture.ts';

const key = randomBytes(32);

test('the file and its log are for the owner alone, in a folder that is made', async () => {
  const path = join(temporaryFolder(), 'deep', 'er', 'state.db');
  const store = await open({ path, key });
  await store.commit(commitOf({ links: [linkOf('1')] }));
  expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
});

test('the file is in write-ahead mode and has its schema noted', async () => {
  const { path } = await freshStore();
  expect(behindItsBack(path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(behindItsBack(path, 'SELECT number, name FROM schema_migration')).toEqual([
    { number: 1, name: 'first floor' },
    { number: 2, name: 'connections' },
  ]);
});

test('a newer schema is refused and left as it is', async () => {
  const { path, key: right, store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')] }));
  await store.close();
  behindItsBack(path, "INSERT INTO schema_migration VALUES (3, 'from the future', 0)");
  const before = readFileSync(path);
  const error = await refusal(open({ path, key: right }));
  expect(error.code).toBe('state-refused');
  expect(error.message).toMatch(/newer Mortise \(it has schema 3, this version knows 2\): update @mortise\/store/);
  expect(readFileSync(path)).toEqual(before);
});

test('a file that is no database is refused and left as it is', async () => {
  const path = join(temporaryFolder(), 'state.db');
  writeFileSync(path, 'this is a shopping list, not a database\n'.repeat(50));
  const before = readFileSync(path);
  const error = await refusal(open({ path, key }));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringMatching(/is damaged or no database: restore it from a copy/),
  ]);
  expect(readFileSync(path)).toEqual(before);
});

test("another program's database is refused and not built into", async () => {
  const path = join(temporaryFolder(), 'state.db');
  behindItsBack(path, 'CREATE TABLE guests (name TEXT)');
  const error = await refusal(open({ path, key }));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringMatching(/is a database of another program/),
  ]);
  expect(behindItsBack(path, 'SELECT name FROM sqlite_schema')).toEqual([{ name: 'guests' }]);
});

test('a file that was cut off is refused, never begun anew', async () => {
  const { path, key: right, store } = await freshStore();
  await store.commit(commitOf({ links: Array.from({ length: 500 }, (_, index) => linkOf(`key-${index}`)) }));
  await store.close();
  truncateSync(path, 4096 * 3);
  const error = await refusal(open({ path, key: right }));
  expect([error.code, error.message]).toEqual(['state-refused', expect.stringMatching(/is damaged/)]);
});

test('a folder in the place of the file is refused', async () => {
  const path = join(temporaryFolder(), 'state.db');
  mkdirSync(path);
  const error = await refusal(open({ path, key }));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringMatching(/cannot be written: give this user the right/),
  ]);
});

test('a step that fails leaves nothing behind, and the steps before it stay', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const database = await openSqlite(path, systemClock);
  onTestFinished(database.close);
  const broken = {
    number: 3,
    name: 'broken',
    statements: ['CREATE TABLE half (one TEXT)', 'CREATE TABLE half (two TEXT)'],
  };
  const options = { path, clock: systemClock };
  expect((await refusal(migrate(database, { ...options, steps: [...migrations, broken] }))).code).toBe('internal');
  expect(behindItsBack(path, 'SELECT number FROM schema_migration')).toEqual([{ number: 1 }, { number: 2 }]);
  expect(behindItsBack(path, "SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([]);
  const mended = { ...broken, statements: ['CREATE TABLE half (one TEXT)'] };
  await migrate(database, { ...options, steps: [...migrations, mended] });
  expect(behindItsBack(path, 'SELECT number FROM schema_migration')).toEqual([
    { number: 1 },
    { number: 2 },
    { number: 3 },
  ]);
});

test('a first step that fails leaves an empty file that opens later', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const database = await openSqlite(path, systemClock);
  const steps = [{ number: 1, name: 'broken', statements: ['CREATE TABLE half (one TEXT)', 'nonsense'] }];
  await refusal(migrate(database, { path, clock: systemClock, steps }));
  await database.close();
  const store = await open({ path, key });
  await store.commit(commitOf({ links: [linkOf('1')] }));
  expect((await store.readLinks('products', ['1'])).size).toBe(1);
});

test('migrations count from 1 without gaps', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
});

test('a disk that is full is a refusal that says what to do, and the last commit stands', async () => {
  const { path, store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')] }));
  const database = await openSqlite(path, systemClock);
  onTestFinished(database.close);
  await database.exclusively((session) => session.execute('PRAGMA max_page_count = 1')); // SQLite takes the current size
  const sql = "INSERT INTO token VALUES ('big', zeroblob(1000000), 0, 0)";
  const error = await refusal(database.transact([{ sql, parameters: [] }]));
  expect([error.code, error.message]).toEqual(['state-refused', expect.stringMatching(/has no room: free space/)]);
  expect((await store.readLinks('products', ['1'])).size).toBe(1);
});

test('an error that is no state error is a fault of the code, and one that is typed passes', async () => {
  const typed = await refusal(open({ path: 'unused', key: randomBytes(3) }));
  expect(stateError(typed, 'state.db')).toBe(typed);
  expect(stateError(new TypeError('x'), 'state.db').code).toBe('internal');
});
