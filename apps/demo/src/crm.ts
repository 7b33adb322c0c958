import { fileURLToPath } from 'node:url';
import { prepare } from '@mortise/connector-hubspot';
import { connectorError } from '@mortise/runtime';
import { startServer } from './child-server.ts';
import { crmOptions, firstLook, silent } from './connections.ts';
import type { Lifetime } from './lifetime.ts';
import { type CrmAccess, sandboxToken } from './settings.ts';

/** A CRM that answers. */
export interface RunningCrm {
  /** Base URL; undefined for HubSpot itself. */
  readonly url: string | undefined;
  /** Names of properties that the sync needs and the account lacks. */
  readonly missing: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts the sandbox, unless the CRM is another one, and looks at what it lacks. Writes nothing. */
export const startCrm = async (
  access: CrmAccess,
  { database, lifetime }: { readonly database: string; readonly lifetime: Lifetime },
): Promise<RunningCrm> => {
  const isOwn = access.url === undefined && !access.live;
  const { url, stop } = isOwn ? await startSandbox(database, lifetime) : { url: access.url, stop: async () => {} };
  try {
    const options = crmOptions({ ...access, url }, { events: silent, limits: firstLook });
    const properties = await lifetime.within(prepare({ ...options, dryRun: true }));
    const missing = properties.filter((property) => property.missing).map(({ type, name }) => `${type}.${name}`);
    return { url, missing, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

const startSandbox = (database: string, { signal, fail }: Lifetime) => {
  const file = fileURLToPath(new URL('main.js', import.meta.resolve('@mortise/sandbox-hubspot')));
  const args = ['--port', '0', '--database', database, '--token', sandboxToken];
  return startServer({ name: 'the HubSpot sandbox', file, args, signal, onCrash: fail });
};

/**
 * Refuses a real account that lacks properties, unless they are to be created.
 * @throws ConnectorError `invalid-settings`, naming them.
 */
export const checkPrepared = (
  { missing }: RunningCrm,
  { live, prepare: mayCreate }: { live: boolean; prepare: boolean },
): void => {
  if (!live || mayCreate || missing.length === 0) return;
  const names = missing.join(', ');
  throw connectorError(
    'invalid-settings',
    `the HubSpot account lacks ${names}: add --prepare to create what is missing`,
  );
};

/** Creates what the CRM lacks. */
export const prepareCrm = async (access: CrmAccess, { url, missing }: RunningCrm): Promise<void> => {
  if (missing.length > 0) await prepare(crmOptions({ ...access, url }, { events: silent }));
};
