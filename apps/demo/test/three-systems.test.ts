import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmRows, duplicateCreates, untilSeen } from './both-sides.ts';
import { cleanUp, type DemoProcess, newFolder, runDemo, startDemo } from './demo-process.ts';
import { countStock, erpCount, shopAdmin } from './three-systems.ts';

const minute = 60_000;

interface Summary {
  readonly syncs: readonly { name: string; created: number; updated: number; deadLetters: number }[];
  readonly converged: boolean;
}

const names = ['customers', 'products', 'orders', 'erp customers', 'erp items', 'erp orders', 'stock'];

let folder: string;
let demo: DemoProcess;
let at: { shop: string; erp: string; crm: string };

const addresses = async () => ({
  shop: (await demo.shows(/Shopify sandbox {4}(\S+)/))[1] ?? '',
  erp: (await demo.shows(/NetSuite sandbox {3}(\S+)/))[1] ?? '',
  crm: (await demo.shows(/HubSpot sandbox {4}(\S+)/))[1] ?? '',
});

beforeAll(() => {
  folder = newFolder();
});
afterAll(cleanUp);

test('the first run carries customers and orders to CRM and ERP and the stock to the shop', {
  timeout: 2 * minute,
}, async () => {
  const { code, stdout, stderr } = await runDemo(folder, { args: ['--once', '--json'] });
  const { syncs, converged }: Summary = JSON.parse(stdout);
  expect(syncs.map(({ name }) => name)).toEqual(names);
  expect(syncs.map(({ created, updated }) => created + updated)).toEqual([208, 168, 110, 208, 168, 110, 488]);
  expect(syncs.every(({ deadLetters }) => deadLetters === 0)).toBe(true);
  expect(converged).toBe(true);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('the second run changes nothing, and goes on watching', { timeout: minute }, async () => {
  demo = startDemo(folder);
  at = await addresses();
  await demo.shows(/webhooks of shopify, hubspot are received/);
  expect(demo.stdout()).toMatch(/^stock +488 +0 +0 +488 /m);
  expect(await crmRows(at.crm, { type: 'contacts', properties: 'email' })).toHaveLength(208);
  expect(await duplicateCreates(at.crm)).toEqual([]);
  expect(await erpCount(at.erp)).toEqual({ customers: 208, orders: 110 });
});

test('a customer who is renamed in the shop reaches CRM and ERP by a webhook', { timeout: minute }, async () => {
  const { email } = await shopAdmin(at.shop).renameCustomer('Łukasiewicz');
  await untilSeen(async () => {
    const rows = await crmRows(at.crm, { type: 'contacts', properties: 'email,lastname' });
    return rows.find(({ properties }) => properties.email === email && properties.lastname === 'Łukasiewicz');
  });
  await demo.shows(/^customers: 1 updated/m);
  await demo.shows(/^erp customers: 1 updated/m);
});

test('stock that is counted in the ERP reaches the shop', { timeout: minute }, async () => {
  await countStock(at.erp, { sku: 'SKU-000001', location: 'Main Warehouse', onHand: 4_711 });
  await untilSeen(async () => ((await shopAdmin(at.shop).stockOf('SKU-000001')).includes(4_711) ? true : undefined));
});

test('its end tells how many webhooks were verified and followed', { timeout: minute }, async () => {
  demo.child.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(demo.stdout()).toMatch(/1 webhook of shopify received and verified/);
  expect(demo.stdout()).toMatch(/[1-9]\d* webhooks? of hubspot received and verified/);
});

test('a token that is revoked while it watches ends it, with the reason', { timeout: minute }, async () => {
  demo = startDemo(folder);
  const { shop } = await addresses();
  await demo.shows(/webhooks of shopify, hubspot are received/);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ accessTokens: ['another'] });
  await fetch(`${shop}/__sandbox/settings`, { method: 'POST', headers, body });
  expect(await demo.ended).toBe(1);
  expect(demo.stderr()).toMatch(/^error: shopify .*\./m);
  expect(demo.stderr()).not.toContain('sandbox-token');
});
