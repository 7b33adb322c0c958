import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorError } from '@mortise/runtime';

/** Length of a key in bytes. */
export const keyLength = 32;

const howToMake = 'make one with: openssl rand -base64 32';

const decodeKey = (text: string): Buffer | undefined => {
  const trimmed = text.trim();
  // Buffer.from skips what is not base64, so that a wrong text could pass as a shorter or another key.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) return undefined;
  const key = Buffer.from(trimmed, 'base64');
  return key.length === keyLength ? key : undefined;
};

const isCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;

/** Written aside and linked into place, so that two processes that start together end with one whole key. */
const makeKeyFile = async (directory: string, path: string): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const aside = join(directory, `key-${randomUUID()}`);
  await writeFile(aside, `${randomBytes(keyLength).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(aside, path);
  } catch (thrown) {
    if (!isCode(thrown, 'EEXIST')) throw thrown;
  } finally {
    await unlink(aside);
  }
};

const readKeyFile = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
};

const keyFromFile = async (directory: string): Promise<Uint8Array> => {
  const path = join(directory, 'key');
  try {
    if ((await readKeyFile(path)) === undefined) await makeKeyFile(directory, path);
    const key = decodeKey((await readKeyFile(path)) ?? '');
    if (key) return key;
  } catch (thrown) {
    throw connectorError(
      'invalid-settings',
      `key file ${path} cannot be read or made: check the rights on its folder, or set MORTISE_KEY`,
      { cause: thrown },
    );
  }
  throw connectorError(
    'invalid-settings',
    `key file ${path} does not hold 32 bytes in base64: put the key back that wrote the state`,
  );
};

/** Where the key may come from. */
export interface KeySources {
  /** Folder of the development key file `key`, for instance `.mortise`. Made when missing. */
  readonly directory: string;
  /** Usually `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The 32-byte key that encrypts the state: `MORTISE_KEY` in base64. Without it, and unless `NODE_ENV` is `production`, the
 * file `key` in the given folder, made with mode 0600 on first use.
 * @throws ConnectorError `invalid-settings` when the variable is empty or no 32 bytes, or is missing in production.
 */
export const keyFromEnvironment = async ({ directory, environment }: KeySources): Promise<Uint8Array> => {
  const text = environment.MORTISE_KEY;
  if (text !== undefined) {
    const key = decodeKey(text);
    if (key) return key;
    const fault = text.trim() === '' ? 'is empty' : 'is not 32 bytes in base64';
    throw connectorError('invalid-settings', `environment variable MORTISE_KEY ${fault}: ${howToMake}`);
  }
  if (environment.NODE_ENV !== 'production') return keyFromFile(directory);
  throw connectorError(
    'invalid-settings',
    `environment variable MORTISE_KEY is missing, and production needs it: ${howToMake}`,
  );
};
