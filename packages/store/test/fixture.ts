import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { type ConnectorError, isConnectorError } from '@mortise/runtime';
import { onTestFinished } from 'vitest';
import { type Commit, type OpenStoreOptions, openStore, type Store } from '../src/index.ts';

/** A folder of its own for one test, removed afterwards. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Opens a store that is closed when the test ends. */
export const open = async (options: OpenStoreOptions): Promise<Store> => {
  const store = await openStore(options);
  onTestFinished(() => store.close());
  return store;
};

/** A new store on a file. */
export const freshStore = async () => {
  const path = join(temporaryFolder(), 'state.db');
  const key = randomBytes(32);
  return { path, key, store: await open({ path, key }) };
};

/** A commit that changes nothing but what is given. */
export const commitOf = (parts: Partial<Commit>): Commit => ({
  ...{ sync: 'products', connection: 'hubspot', run: 'run-1', at: 1_000 },
  ...{ links: [], deadLetters: [], parked: [], settled: [] },
  ...parts,
});

/** A link change with a base. */
export const linkOf = (sourceKey: string, base: unknown = { name: sourceKey }) => ({
  ...{ sourceKey, destinationKey: `d-${sourceKey}`, fingerprint: `f-${sourceKey}`, base },
  action: 'create' as const,
});

/** Works on the file behind the store's back, as somebody with a SQLite shell could. */
export const behindItsBack = (
  path: string,
  sql: string,
  ...parameters: SQLInputValue[]
): Record<string, SQLOutputValue>[] => {
  const file = new DatabaseSync(path);
  try {
    return file.prepare(sql).all(...parameters);
  } finally {
    file.close();
  }
};

/** The ConnectorError that a promise rejects with. */
export const refusal = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown: unknown = await promise.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  if (isConnectorError(thrown)) return thrown;
  throw thrown;
};
