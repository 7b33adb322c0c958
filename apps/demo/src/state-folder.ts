import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connectorError, isSecret, revealSecret } from '@mortise/runtime';
import type { Settings } from './settings.ts';

/** The folder in which everything lives that outlives the demo. It is held until `release`. */
export interface StateFolder {
  readonly folder: string;
  /** SQLite file of one of the demo's own systems. */
  readonly database: (system: OwnSystem) => string;
  /** Folder of the demo's own Directus, which brings a database server. */
  readonly directus: string;
  /** SQLite file of the sync's state, another one for each choice of systems. */
  readonly sync: (settings: Settings) => string;
  readonly release: () => void;
}

/** The systems of the demo's own that keep their state in a SQLite file; `shop` is Vendure. */
export type OwnSystem = 'shop' | 'hubspot' | 'shopify' | 'netsuite';

/** What `--reset` removes: SQLite files with their journals, Directus' folder, and the key that only they need. */
const cleared = /^(?:(?:shop|hubspot|shopify|netsuite|state(?:-[0-9a-f]+)?)\.sqlite(?:-\w+)?|directus|key)$/;

/**
 * Takes the folder for this process.
 * @throws ConnectorError `state-busy` when another demo holds it.
 */
export const takeStateFolder = (folder: string, { reset }: { readonly reset: boolean }): StateFolder => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = lock(folder);
  if (reset) clear(folder);
  return {
    folder,
    database: (system) => join(folder, `${system}.sqlite`),
    directus: join(folder, 'directus'),
    sync: (settings) => join(folder, `state${choiceMark(settings)}.sqlite`),
    release,
  };
};

const clear = (folder: string): void => {
  // As root, Directus' database lies elsewhere: its server has noted where.
  const noted = join(folder, 'directus', 'database-home');
  const home = existsSync(noted) ? readFileSync(noted, 'utf8') : '';
  // A copied folder must not name what is somebody else's.
  const isOwn = dirname(home) === tmpdir() && basename(home).startsWith('mortise-directus-');
  if (isOwn) rmSync(home, { recursive: true, force: true });
  const names = readdirSync(folder).filter((name) => cleared.test(name));
  for (const name of names) rmSync(join(folder, name), { recursive: true });
};

/**
 * Holds the folder by a lock of the operating system on a SQLite file, which ends with the process however it ends:
 * a pid alone could by now belong to another program. The pid is kept beside it for the message.
 */
const lock = (folder: string): (() => void) => {
  const database = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  const pidFile = join(folder, 'pid');
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw connectorError('state-busy', `another demo runs in this folder already${holder(pidFile)}`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => {
    rmSync(pidFile, { force: true });
    database.close();
  };
};

const holder = (pidFile: string): string => {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
};

/** Links of one choice of systems mean nothing for another: each has a file of its own. */
const choiceMark = ({ shop, inventory, crm }: Settings): string => {
  const url = shop.kind === 'vendure' ? shop.access.url : undefined;
  const account = crm.live && isSecret(crm.token) ? revealSecret(crm.token) : '';
  const choice = JSON.stringify([shop.kind, url, inventory, crm.url, crm.live, account]);
  return `-${createHash('sha256').update(choice).digest('hex').slice(0, 12)}`;
};
