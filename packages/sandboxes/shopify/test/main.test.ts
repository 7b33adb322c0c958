import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ask, at, post, smallShop, startedSandbox } from './started.ts';

const program = join(import.meta.dirname, '..', 'src', 'main.ts');

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
  ['--settings', '{"account":"sold"}'],
  ['word'],
])('bad flags %s %s: exit code 2 and one sentence', (...flags) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...flags], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^mortise-sandbox-shopify: .+\n$/);
});

test('flags reach the stand-in: seed, token and settings; settings change while it runs', async () => {
  const { url } = await started('--seed', '7', '--token', 't1', '--settings', '{"bucketPoints":500}');
  const answer = await ask({ url }, '{ products(first: 1) { nodes { id } } }', { token: 't1' });
  expect(at(answer.data, 'products.nodes.0.id')).toBe('gid://shopify/Product/1001');
  expect(at(answer.cost, 'throttleStatus.maximumAvailable')).toBe(500);
  expect((await ask({ url }, '{ shop { id } }')).status).toBe(401);
  expect((await post({ url }, '/__sandbox/settings', { account: 'frozen' })).status).toBe(204);
  expect((await ask({ url }, '{ shop { id } }', { token: 't1' })).status).toBe(402);
});

test('what was answered survives kill -9', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'shopify.db');
  const first = await started('--database', file);
  const set = `mutation { customerSet(identifier: { email: "a@example.test" }, input: { firstName: "美咲" }) { customer { id } } }`;
  const made = await ask(first, set);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await started('--database', file);
  expect((await ask(second, set)).data).toEqual(made.data);
});

test('the shop is driven from outside: orders, changes, deletions and merges', async () => {
  const sandbox = await startedSandbox({ seed: smallShop });
  const drive = (name: string, body: unknown) => post(sandbox, `/__sandbox/${name}`, body);
  const order = await drive('orders', { lines: [{ variantId: 'gid://shopify/ProductVariant/1001', quantity: 2 }] });
  expect(order.status).toBe(201);
  const id = 'gid://shopify/Product/1002';
  expect((await drive('touch', { id, fields: { title: '椅子' } })).status).toBe(204);
  const query = `{ product(id: "${id}") { title } order(id: "${order.body.id}") { name } }`;
  expect((await ask(sandbox, query)).data).toEqual({ product: { title: '椅子' }, order: { name: '#1021' } });
  expect((await drive('delete', { id })).status).toBe(204);
  expect((await drive('delete', { id })).status).toBe(400);
  const merge = { from: 'gid://shopify/Customer/1001', into: 'gid://shopify/Customer/1002' };
  expect((await drive('merge', merge)).status).toBe(204);
});

test('reset brings the seed back and forgets the rest', async () => {
  const sandbox = await startedSandbox({ seed: smallShop });
  const count = async () => (await ask(sandbox, '{ products(first: 250) { nodes { id } } }')).data;
  const before = await count();
  await post(sandbox, '/__sandbox/delete', { id: 'gid://shopify/Product/1001' });
  await post(sandbox, '/__sandbox/reset', {});
  expect(await count()).toEqual(before);
  expect(sandbox.writes()).toEqual([]);
});
