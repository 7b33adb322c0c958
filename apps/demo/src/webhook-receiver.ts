import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '@mortise/runtime';
import { drainInbox, type WebhookEvent, type WebhookFamily, webhookListener } from '@mortise/runtime/webhooks';
import type { Store } from '@mortise/store';
import type { Hints, Sync } from '@mortise/sync';
import type { Lifetime } from './lifetime.ts';
import { syncNamed } from './syncs.ts';

/** A system that sends webhooks. */
export interface WebhookSender {
  /** Id of its connection: the last part of the URL that it calls. */
  readonly connection: string;
  readonly webhooks: WebhookFamily;
  /** What it signs with. */
  readonly secret: Secret;
  /** Subscribes it to this URL; called once the receiver listens. */
  readonly subscribe: (url: string) => Promise<void>;
  /** The records that a delivery is about: the sync that carries them, by name, and the source's id. */
  readonly records: (delivery: { readonly topic: string; readonly subject: string }) => readonly RecordName[];
}

/** A record, as a webhook names it. */
export interface RecordName {
  /** Name of the sync. */
  readonly sync: string;
  readonly key: string;
}

/** A receiver under way. */
export interface WebhookReceiver {
  /** How many deliveries of each connection were proved and kept, by now. */
  readonly taken: () => ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/**
 * Listens on loopback for the webhooks of the systems. A delivery is proved, kept in the inbox, and then followed: its
 * record is fetched and carried, out of turn.
 */
export const receiveWebhooks = async (
  senders: readonly WebhookSender[],
  {
    store,
    syncs,
    hints,
    lifetime: { signal, fail },
  }: { store: Store; syncs: readonly Sync[]; hints: Hints; lifetime: Lifetime },
): Promise<WebhookReceiver> => {
  const taken = new Map(senders.map(({ connection }) => [connection, 0]));
  const listener = webhookListener({
    inbox: store.inbox,
    endpoint: (connection) => {
      const sender = senders.find((each) => each.connection === connection);
      return sender && { webhooks: sender.webhooks, secrets: [sender.secret] };
    },
    events: ({ connection, outcome }: WebhookEvent) => {
      if (outcome === 'new' && connection !== undefined) taken.set(connection, (taken.get(connection) ?? 0) + 1);
    },
  });
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  const drains = senders.map((sender) =>
    drainInbox({
      inbox: store.inbox,
      connection: sender.connection,
      signal,
      handle: async ({ topic, subject }) => {
        if (subject === undefined) return;
        const named = sender.records({ topic, subject });
        await Promise.all(named.map(({ sync, key }) => hints.add({ sync: syncNamed(syncs, sync), key })));
      },
    }).catch(fail),
  );
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await Promise.all(drains);
  };
  try {
    for (const { connection, subscribe } of senders) await subscribe(`http://127.0.0.1:${port}/webhooks/${connection}`);
  } catch (thrown) {
    fail(thrown);
    hints.close();
    await stop();
    throw thrown;
  }
  return { taken: () => taken, stop };
};
