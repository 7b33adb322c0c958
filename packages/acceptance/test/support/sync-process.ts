/**
 * A process that runs a convergence and may kill itself: node sync-process.ts <its orders as JSON>. It counts every
 * call of the store and of the network when that has come back, and dies right after the one that it was told.
 */
import { openSync, writeSync } from 'node:fs';
import { openStore, type Store } from '@mortise/store';
import { shopSyncs } from './syncs.ts';

/** What the process is told. */
export interface ProcessOrders {
  readonly shopUrl: string;
  readonly crmUrl: string;
  readonly statePath: string;
  /** Key of the state, base64. */
  readonly key: string;
  /** File that gets the count. */
  readonly countPath: string;
  /** Dies after so many calls; never unless given. */
  readonly killAt?: number | undefined;
  /** Module of the engine. */
  readonly engine: string;
}

/** What the process says at its end. */
export interface ProcessReport {
  readonly calls: number;
  readonly converged: boolean;
  readonly created: number;
  readonly updated: number;
  readonly parked: number;
  readonly deadLetters: number;
}

// The test writes them.
const orders = JSON.parse(process.argv[2] ?? '') as ProcessOrders;
let calls = 0;

const count = (): void => {
  calls += 1;
  if (calls !== orders.killAt) return;
  writeSync(openSync(orders.countPath, 'w'), String(calls));
  process.kill(process.pid, 'SIGKILL');
};

const counted =
  <Given extends readonly unknown[], Result>(run: (...given: Given) => Promise<Result>) =>
  async (...given: Given): Promise<Result> => {
    const result = await run(...given);
    count();
    return result;
  };

const countedStore = (store: Store): Store => ({
  tokens: {
    read: counted(store.tokens.read),
    save: counted(store.tokens.save),
    remove: counted(store.tokens.remove),
  },
  metrics: store.metrics,
  locks: { take: counted(store.locks.take) },
  quotas: { take: counted(store.quotas.take) },
  lastValues: { read: counted(store.lastValues.read), save: counted(store.lastValues.save) },
  inbox: store.inbox,
  readCheckpoint: counted(store.readCheckpoint),
  readLinks: counted(store.readLinks),
  commit: counted(store.commit),
  readReleasable: counted(store.readReleasable),
  countParked: counted(store.countParked),
  countDeadLetters: counted(store.countDeadLetters),
  readDeadLetters: counted(store.readDeadLetters),
  readJournal: counted(store.readJournal),
  close: store.close,
});

const engine: typeof import('@mortise/sync') = await import(orders.engine);
const store = countedStore(await openStore({ path: orders.statePath, key: Buffer.from(orders.key, 'base64') }));
const shared = { store, fetch: counted(globalThis.fetch) };
const places = { shop: { url: orders.shopUrl, ...shared }, crm: { url: orders.crmUrl, ...shared } };
const { results, converged } = await engine.converge(shopSyncs(engine.defineSync, places), { store });
await store.close();
const sum = (name: 'created' | 'updated' | 'parked' | 'deadLetters') =>
  results.reduce((total, result) => total + result[name], 0);
const report: ProcessReport = {
  ...{ calls, converged, created: sum('created'), updated: sum('updated') },
  ...{ parked: sum('parked'), deadLetters: sum('deadLetters') },
};
process.stdout.write(JSON.stringify(report));
