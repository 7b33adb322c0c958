import { join } from 'node:path';
import { prepare } from '@mortise/connector-hubspot';
import { startChildServer } from './child-server.ts';
import { crmConnection } from './syncs.ts';

const program = join(import.meta.dirname, '../../../sandboxes/hubspot/dist/main.js');

/** What the sandbox's log says of its writes. */
export interface CrmWrites {
  readonly writes: readonly { readonly kind: string; readonly type: string; readonly key: string | null }[];
  /** Keys that were created more than once. */
  readonly duplicateCreates: readonly unknown[];
}

/** A HubSpot sandbox in a process of its own, on a SQLite file. Nothing in it limits how fast it may be asked. */
export const startCrm = async (folder: string) => {
  const settings = JSON.stringify({ requestsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000_000 });
  const flags = ['--port', '0', '--database', join(folder, 'crm.db'), '--settings', settings];
  const { url, stop } = await startChildServer(program, flags);
  const ask = async (path: string, method = 'GET', body?: object): Promise<unknown> => {
    const answer = await fetch(`${url}/__sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${path}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return {
    url,
    stop,
    /** Empties it and creates the properties that upserts need. */
    reset: async (): Promise<void> => {
      await ask('reset', 'POST');
      await prepare(crmConnection({ url }));
    },
    // The form of the sandbox's own answer.
    writes: async (): Promise<CrmWrites> => (await ask('writes')) as CrmWrites,
    inject: (rule: object) => ask('faults', 'POST', rule),
  };
};

/** A running sandbox. */
export type Crm = Awaited<ReturnType<typeof startCrm>>;
