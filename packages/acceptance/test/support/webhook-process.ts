/**
 * A process that receives webhooks, or works them off, and may kill itself: node webhook-process.ts <orders as JSON>.
 * Says `{ url }` over IPC when it receives, and `{ done }` when it has worked off what there was.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drainInbox, type Inbox, webhookListener } from '@mortise/runtime/webhooks';
import { openStore } from '@mortise/store';
import { shopOptions } from './webhooks.ts';

/** What the process is told. */
export interface WebhookOrders {
  readonly path: string;
  /** Base64. */
  readonly key: string;
  readonly work: 'receive' | 'drain';
  /** Where it dies: after the delivery is kept and before the answer; after the effect and before it is done. */
  readonly dies?: 'before-answer' | 'before-done' | undefined;
  /** Where effects are posted to. */
  readonly effects: string;
}

// The test writes them.
const orders = JSON.parse(process.argv[2] ?? '') as WebhookOrders;
const { inbox } = await openStore({ path: orders.path, key: Buffer.from(orders.key, 'base64') });

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

const receive = (): void => {
  const accept: Inbox['accept'] = async (deliveries) => {
    const accepted = await inbox.accept(deliveries);
    return orders.dies === 'before-answer' ? die() : accepted;
  };
  const server = createServer(webhookListener(shopOptions({ accept }).given));
  server.listen(0, '127.0.0.1', () => {
    // A TCP server has an address and a port once it listens.
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
};

const drain = async (): Promise<void> => {
  const done = await drainInbox({
    inbox,
    connection: 'shop',
    leaseMs: 300,
    untilEmpty: true,
    handle: async ({ key, tries }) => {
      await fetch(`${orders.effects}/${key}?tries=${tries}`, { method: 'PUT' });
      if (orders.dies === 'before-done') await die();
    },
  });
  process.send?.({ done });
  process.disconnect();
};

if (orders.work === 'receive') receive();
else await drain();
