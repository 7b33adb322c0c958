import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { restCall, suiteQl } from './rest-call.ts';
import { passportOf, soapCall } from './soap-call.ts';

const program = join(import.meta.dirname, '..', 'src', 'main.ts');
const record = '/services/rest/record/v1';

async function started(...flags: string[]) {
  const child = fork(program, flags, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = await once(child, 'message');
  return { child, url: isRecord(ready) ? String(ready.url) : '' };
}

test.each([
  ['--bogus'],
  ['--port', 'x'],
  ['--settings', '{"nothing":1}'],
  ['--settings', '{"account":5}'],
  ['--settings', '{'],
  ['word'],
])('bad flags %s %s: exit code 2 and one sentence', (...flags) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...flags], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^mortise-sandbox-netsuite: .+\n$/);
});

test('flags reach the stand-in: a seed of more than 10,000 records, token and settings', async () => {
  const { url } = await started('--seed', '7', '--token', 't1', '--settings', '{"maxRestLimit":10}');
  const totals = await Promise.all(
    ['customer', 'inventoryItem', 'salesOrder'].map(
      async (type) => (await restCall({ url }, `${record}/${type}`, { token: 't1' })).body,
    ),
  );
  expect(totals.map(({ totalResults, count }) => [totalResults, count])).toEqual([
    [4000, 10],
    [3000, 10],
    [3000, 10],
  ]);
  expect(await restCall({ url }, `${record}/customer`)).toMatchObject({ status: 401 });
});

test('settings change while it runs, and a bad one changes nothing', async () => {
  const { url } = await started();
  const settings = (body: unknown) => restCall({ url }, '/__sandbox/settings', { body });
  expect(await settings({ closed: true, wish: 1 })).toMatchObject({ status: 400 });
  expect((await restCall({ url }, `${record}/customer`)).status).toBe(200);
  expect(await settings({ closed: true })).toMatchObject({ status: 204 });
  expect((await restCall({ url }, `${record}/customer`)).status).toBe(403);
});

test('what was answered survives kill -9: records, ids, used nonces and the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'netsuite.db');
  const first = await started('--database', file);
  const put = { method: 'PUT', body: { companyName: 'A' } };
  await restCall(first, `${record}/customer/eid:a`, put);
  const passport = passportOf({}, Date.now());
  expect(await soapCall(first, '<messages:getServerTime/>', { passport })).toMatchObject({ status: 200 });
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await started('--database', file);
  expect(await soapCall(second, '<messages:getServerTime/>', { passport })).toMatchObject({ status: 500 });
  await restCall(second, `${record}/customer/eid:a`, put);
  expect((await suiteQl(second, 'SELECT id, externalid FROM customer')).body.items).toEqual([
    { links: [], id: '1001', externalid: 'a' },
  ]);
  expect(await restCall(second, '/__sandbox/writes?key=a')).toMatchObject({
    body: { writes: [{ kind: 'create' }, { kind: 'update' }], duplicateCreates: [] },
  });
});

test('reset brings the seed back and forgets the rest', async () => {
  const { url } = await started('--seed', '3');
  await restCall({ url }, `${record}/customer/1001`, { method: 'DELETE' });
  await restCall({ url }, `${record}/customer`, { body: { companyName: 'New' } });
  expect(await restCall({ url }, '/__sandbox/reset', { method: 'POST' })).toMatchObject({ status: 204 });
  expect((await restCall({ url }, `${record}/customer`)).body.totalResults).toBe(4000);
  expect(await restCall({ url }, '/__sandbox/writes')).toMatchObject({ body: { writes: [] } });
});
