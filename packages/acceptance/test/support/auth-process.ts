/**
 * A worker process that shares one token with its siblings: node auth-process.ts <its orders as JSON>. It says `ready`,
 * makes its calls at the word `go`, all at once, and says how they ended.
 */
import { once } from 'node:events';
import { isConnectorError, open, systemClock } from '@mortise/runtime';
import { openStore } from '@mortise/store';
import { thingsConnector, webSecret } from './things-connector.ts';

/** What a worker is told. */
export interface WorkerOrders {
  readonly url: string;
  readonly statePath: string;
  /** Key of the state, base64. */
  readonly key: string;
  readonly calls: number;
  /** How far its clock is ahead, milliseconds: ahead of the token's end, it renews before it calls. */
  readonly aheadMs: number;
}

/** How the calls of a worker ended: `ok`, or the code and message of the error. */
export type WorkerReport = readonly string[];

// The test writes them.
const orders = JSON.parse(process.argv[2] ?? '') as WorkerOrders;
const clock = { ...systemClock, now: () => systemClock.now() + orders.aheadMs };
const store = await openStore({ path: orders.statePath, key: Buffer.from(orders.key, 'base64'), clock });
const settings = { url: orders.url };
const live = open(thingsConnector, { id: 'acme', settings, credentials: { clientSecret: webSecret }, store, clock });

const call = (): Promise<string> =>
  live.things.get('1').then(
    () => 'ok',
    (thrown: unknown) => (isConnectorError(thrown) ? `${thrown.code}: ${thrown.message}` : String(thrown)),
  );

process.send?.('ready');
await once(process, 'message');
const report: WorkerReport = await Promise.all(Array.from({ length: orders.calls }, call));
await store.close();
process.send?.(report);
process.disconnect();
