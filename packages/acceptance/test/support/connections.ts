import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, open } from '@mortise/runtime';
import { webAuthorization } from '@mortise/runtime/auth';
import { openStore, type Store } from '@mortise/store';
import { onTestFinished } from 'vitest';
import type { AuthorizationServer } from './authorization-server.ts';
import { browse, type Deed } from './browser.ts';
import { thingsConnector, watched, webSecret } from './things-connector.ts';

/** Where the host's web application takes users back. */
export const redirectUri = 'http://127.0.0.1/callback';

/** A store on a file of its own. */
export const temporaryStore = async (options: Pick<ConnectionOptions, 'clock'> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-'));
  const path = join(folder, 'state.db');
  const key = randomBytes(32);
  const store = await openStore({ path, key, ...options });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, path, key };
};

/** The host's side of connecting accounts. */
export const webOf = (server: AuthorizationServer, { store, ...options }: ConnectionOptions & { store: Store }) =>
  webAuthorization(thingsConnector, {
    ...options,
    store,
    settings: { url: server.url },
    credentials: { clientSecret: webSecret },
    redirectUri,
    use: { things: ['get'] },
  });

/** Lets alice connect an account in her browser. */
export const connectAccount = async (
  server: AuthorizationServer,
  {
    store,
    connection = 'acme',
    deed,
    ...options
  }: ConnectionOptions & { store: Store; connection?: string; deed?: Deed },
) => {
  const web = webOf(server, { store, ...options });
  const url = await web.authorizeUrl(connection);
  const back = await browse(url, { until: redirectUri, ...(deed !== undefined && { deed }) });
  return { web, url, back, connected: () => web.callback(new Request(back)) };
};

/** An open connection of an account, with its events. */
export const openAccount = (server: AuthorizationServer, given: ConnectionOptions) => {
  const { events, options } = watched({ id: 'acme', ...given });
  const settings = { url: server.url };
  const live = open(thingsConnector, { ...options, settings, credentials: { clientSecret: webSecret } });
  return { live, events };
};
