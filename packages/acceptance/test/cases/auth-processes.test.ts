import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { WorkerOrders, WorkerReport } from '../support/auth-process.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/authorization-server.ts';
import { connectAccount, openAccount, temporaryStore } from '../support/connections.ts';

const script = join(import.meta.dirname, '../support/auth-process.ts');
const processes = 5;
const calls = 10;

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.stop());

const startWorker = async (orders: WorkerOrders): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child, 'message');
  return child;
};

/** Five processes on one state file make their calls at the same moment. */
const runWorkers = async (given: Omit<WorkerOrders, 'calls' | 'url'>): Promise<WorkerReport> => {
  const orders = { ...given, url: server.url, calls };
  const workers = await Promise.all(Array.from({ length: processes }, () => startWorker(orders)));
  const reports = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.send('go');
  // Each sends its report.
  return (await Promise.all(reports)).flatMap(([report]) => report as WorkerReport);
};

const allOk = Array.from({ length: processes * calls }, () => 'ok');

/** A connected account, and what its workers are told. */
const connected = async () => {
  const { store, path, key } = await temporaryStore();
  await (await connectAccount(server, { store })).connected();
  return { store, shared: { statePath: path, key: key.toString('base64') } };
};

test('case 32: five processes whose shared token is about to end renew it once, and its family lives', async () => {
  const { store, shared } = await connected();
  const before = server.refreshes().length;
  expect(await runWorkers({ ...shared, aheadMs: 600_000 })).toEqual(allOk);
  expect(server.refreshes().slice(before)).toMatchObject([{ status: 200 }]);
  expect(server.revokedGrants).toEqual([]);
  // The refresh token that is left in the store is the good one.
  server.refuse(server.apiRequests.at(-1)?.authorization);
  expect(await openAccount(server, { store }).live.things.get('1')).toEqual({ id: '1' });
  expect(
    server
      .refreshes()
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([200, 200]);
}, 60_000);

test('case 32: five processes whose shared token is refused renew it once', async () => {
  const { store, shared } = await connected();
  await openAccount(server, { store }).live.things.get('1');
  server.refuse(server.apiRequests.at(-1)?.authorization);
  const before = server.refreshes().length;
  expect(await runWorkers({ ...shared, aheadMs: 0 })).toEqual(allOk);
  expect(server.refreshes().slice(before)).toMatchObject([{ status: 200 }]);
  expect(server.revokedGrants).toEqual([]);
}, 60_000);

test('the server of case 32 would have noticed: a refresh token used twice ends the family', async () => {
  const { store } = await connected();
  const revoked = server.revokedGrants.length;
  const first = (await store.tokens.read('acme')) ?? '';
  server.refuse(`Bearer ${JSON.parse(first).accessToken}`);
  await openAccount(server, { store }).live.things.get('1');
  await store.tokens.save('acme', first);
  const again = await openAccount(server, { store })
    .live.things.get('1')
    .catch((thrown: unknown) => thrown);
  expect(again).toMatchObject({ code: 'unauthenticated', vendorCode: 'invalid_grant' });
  expect(server.revokedGrants).toHaveLength(revoked + 1);
});
