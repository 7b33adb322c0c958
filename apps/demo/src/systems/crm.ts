import hubspot, { prepare } from '@mortise/connector-hubspot';
import { connectorError, sealSecret } from '@mortise/runtime';
import { startServer } from '../child-server.ts';
import { type Crm, crmOptions, firstLook, openCrm, silent } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import { type CrmAccess, sandboxToken } from '../settings.ts';
import type { WebhookSender } from '../webhook-receiver.ts';
import { sandboxProgram } from './sandbox-program.ts';
import type { RunningSystem } from './sides.ts';

/** A CRM that answers. */
export interface RunningCrm extends RunningSystem<Crm> {
  /** Base URL; undefined for HubSpot itself. */
  readonly url: string | undefined;
  /** Names of properties that the sync needs and the account lacks. */
  readonly missing: readonly string[];
  /** Its webhooks, where it is the demo's own sandbox. */
  readonly webhooks: WebhookSender | undefined;
}

/**
 * Starts the sandbox, unless the CRM is another one, and looks at what it lacks. Writes nothing.
 * @throws ConnectorError `invalid-settings` where a real account lacks what may not be created.
 */
export const startCrm = async (
  access: CrmAccess,
  {
    database,
    mayCreate,
    lifetime,
  }: { readonly database: string; readonly mayCreate: boolean; readonly lifetime: Lifetime },
): Promise<RunningCrm> => {
  const isOwn = access.url === undefined && !access.live;
  const { url, stop } = isOwn ? await startSandbox(database, lifetime) : { url: access.url, stop: async () => {} };
  try {
    const options = crmOptions({ ...access, url }, { events: silent, limits: firstLook });
    const properties = await lifetime.within(prepare({ ...options, dryRun: true }));
    const missing = properties.filter((property) => property.missing).map(({ type, name }) => `${type}.${name}`);
    if (access.live && !mayCreate) refuseUnprepared(missing);
    return {
      url,
      missing,
      webhooks: isOwn && url !== undefined ? webhooksOf(url) : undefined,
      stop,
      welcome: welcome(access, url),
      connect: (chosen) => openCrm({ ...access, url }, chosen),
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

const startSandbox = (database: string, { signal, fail }: Lifetime) => {
  const file = sandboxProgram(import.meta.resolve('@mortise/sandbox-hubspot'));
  const args = ['--port', '0', '--database', database, '--token', sandboxToken];
  return startServer({ name: 'the HubSpot sandbox', file, args, signal, onCrash: fail });
};

/** What the sandbox signs its webhooks with. */
const webhookSecret = 'sandbox-secret';

/**
 * Events of the CRM. No sync reads from there, so that they lead to no record: they show that what was written has arrived.
 * At HubSpot itself the URL is set by hand, in the settings of the app.
 */
const webhooksOf = (url: string): WebhookSender => ({
  connection: 'hubspot',
  webhooks: hubspot.webhooks,
  secret: sealSecret(webhookSecret),
  subscribe: async (targetUrl) => {
    const body = JSON.stringify({ webhooks: { targetUrl } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/__sandbox/settings`, { method: 'POST', headers, body });
    if (!answer.ok) throw connectorError('internal', `the HubSpot sandbox took no webhook URL (${answer.status})`);
  },
  records: () => [],
});

const welcome = ({ live }: CrmAccess, url: string | undefined): readonly string[] =>
  live
    ? [`CRM   HubSpot            ${url ?? 'https://api.hubapi.com'}`]
    : [
        `CRM   HubSpot sandbox    ${url}`,
        "      curl -H 'authorization: Bearer sandbox-token' \\",
        `        '${url}/crm/v3/objects/contacts?limit=3'`,
      ];

const refuseUnprepared = (missing: readonly string[]): void => {
  if (missing.length === 0) return;
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
