import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { startFaultProxy } from '@mortise/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crmRows, duplicateCreates, shopAdmin, untilSeen } from './both-sides.ts';
import { cleanUp, type DemoProcess, newFolder, runDemo as runAny, startDemo as startAny } from './demo-process.ts';

const minutes = 60_000;
const secret = 'do-not-print-me-4711';

interface Summary {
  readonly syncs: readonly {
    name: string;
    read: number;
    created: number;
    updated: number;
    unchanged: number;
    deadLetters: number;
    seconds: number;
  }[];
  readonly converged: boolean;
}

const summaryOf = (stdout: string): Summary => JSON.parse(stdout);

const counts = ({ syncs }: Summary) =>
  syncs.map(({ name, created, updated, deadLetters }) => [name, created, updated, deadLetters]);

/** The journey of the first release: a real Vendure and a HubSpot, and no ERP. */
const chosen = (options: Parameters<typeof startAny>[1] = {}) => ({
  ...options,
  args: ['--shop', 'vendure', '--inventory', 'none', ...(options.args ?? [])],
});
const startDemo = (folder: string, options?: Parameters<typeof startAny>[1]) => startAny(folder, chosen(options));
const runDemo = (folder: string, options?: Parameters<typeof startAny>[1]) => runAny(folder, chosen(options));

/** Where a demo says that shop and CRM are. */
const addresses = async (demo: DemoProcess) => {
  const shop = (await demo.shows(/Vendure Admin API {2}(\S+)/))[1] ?? '';
  const crm = (await demo.shows(/HubSpot sandbox {4}(\S+)/))[1] ?? '';
  return { shop, crm };
};

const isGone = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

/** What the CRM must hold of the shop that the demo fills. */
const expectEverythingOnce = async (crm: string) => {
  expect(await crmRows(crm, { type: 'contacts', properties: 'email' })).toHaveLength(210);
  expect(await crmRows(crm, { type: 'products', properties: 'mortise_key' })).toHaveLength(220);
  const deals = await crmRows(crm, { type: 'deals', properties: 'mortise_key' });
  expect(new Set(deals.map(({ properties }) => properties.mortise_key)).size).toBe(110);
  expect(deals).toHaveLength(110);
  expect(await duplicateCreates(crm)).toEqual([]);
};

/** The first run of all: its folder, and a copy of the shop that it filled. */
let first: { folder: string; shop: string; result: Awaited<ReturnType<typeof runDemo>> };

beforeAll(async () => {
  const folder = newFolder();
  const result = await runDemo(folder, { args: ['--once', '--json'] });
  const shop = join(newFolder(), 'shop.sqlite');
  copyFileSync(join(folder, '.mortise', 'shop.sqlite'), shop);
  first = { folder, shop, result };
}, 5 * minutes);

afterAll(cleanUp);

test('the first run fills the shop, carries everything, and its last line on stdout is the JSON', () => {
  const { code, stdout, stderr } = first.result;
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const summary = summaryOf(stdout);
  expect(Object.keys(summary.syncs[0] ?? {})).toEqual([
    'name',
    'read',
    'created',
    'updated',
    'unchanged',
    'deadLetters',
    'seconds',
  ]);
  expect(counts(summary)).toEqual([
    ['customers', 210, 0, 0],
    ['products', 220, 0, 0],
    ['orders', 110, 0, 0],
  ]);
  expect(summary.converged).toBe(true);
  expect(stderr).toMatch(/shop filled: 210 customers, 220 variants, 110 orders/);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('the second run creates and updates nothing', { timeout: minutes }, async () => {
  const { code, stdout, stderr } = await runDemo(first.folder, { args: ['--once', '--json'] });
  expect(counts(summaryOf(stdout))).toEqual([
    ['customers', 0, 0, 0],
    ['products', 0, 0, 0],
    ['orders', 0, 0, 0],
  ]);
  expect(stderr).toMatch(/^customers .* of .* records .*\/s .*waited .* s/m);
  expect(code).toBe(0);
});

test('a wrong password for the shop ends with exit code 1 and is not shown', { timeout: minutes }, async () => {
  const { code, stdout, stderr } = await runDemo(newFolder(first.shop), { env: { VENDURE_PASSWORD: secret } });
  expect(stderr).toMatch(/the shop does not accept the user name and password/);
  expect(`${stdout}${stderr}`).not.toContain(secret);
  expect(code).toBe(1);
});

describe('while the demo watches', () => {
  let demo: DemoProcess;
  let folder: string;
  let at: { shop: string; crm: string };

  beforeAll(async () => {
    folder = newFolder(first.shop);
    demo = startDemo(folder);
    at = await addresses(demo);
    await demo.shows(/watching;/);
  }, 2 * minutes);

  afterAll(() => demo.child.kill('SIGKILL'));

  test('the CRM holds every record once', async () => {
    await expectEverythingOnce(at.crm);
  });

  test('a renamed customer, a new price and a cancelled order reach the CRM', { timeout: minutes }, async () => {
    const { send } = await shopAdmin(at.shop);
    const { customers, productVariants, orders } = await send<{
      customers: { items: [{ id: string; emailAddress: string }] };
      productVariants: { items: [{ id: string; sku: string }] };
      orders: { items: [{ id: string; code: string }] };
    }>(`{
      customers(options: { take: 1 }) { items { id emailAddress } }
      productVariants(options: { take: 1 }) { items { id sku } }
      orders(options: { take: 1, filter: { state: { eq: "PaymentSettled" } } }) { items { id code } }
    }`);
    const [customer, variant, order] = [customers.items[0], productVariants.items[0], orders.items[0]];
    await send('mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { __typename } }', {
      input: { id: customer.id, lastName: 'Łukasiewicz' },
    });
    await send('mutation ($input: UpdateProductVariantInput!) { updateProductVariant(input: $input) { id } }', {
      input: { id: variant.id, price: 123_45 },
    });
    await send('mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }', {
      input: { orderId: order.id, reason: 'test' },
    });
    const { milliseconds } = await untilSeen(async () => {
      const contacts = await crmRows(at.crm, { type: 'contacts', properties: 'email,lastname' });
      const products = await crmRows(at.crm, { type: 'products', properties: 'mortise_key,price' });
      const deals = await crmRows(at.crm, { type: 'deals', properties: 'mortise_key,dealstage' });
      const contact = contacts.find(({ properties }) => properties.email === customer.emailAddress.toLowerCase());
      const product = products.find(({ properties }) => properties.mortise_key === variant.sku);
      const deal = deals.find(({ properties }) => properties.mortise_key === order.code);
      const seen = [contact?.properties.lastname, product?.properties.price, deal?.properties.dealstage];
      return seen.join() === 'Łukasiewicz,123.45,closedlost' ? true : undefined;
    });
    console.log(`three changes were in the CRM after ${Math.round(milliseconds)} ms`);
    for (const name of ['customers', 'products', 'orders'])
      await demo.shows(new RegExp(`^${name}: 1 updated, \\d+\\.\\d s$`, 'm'));
  });

  test('a second demo in the same folder ends with exit code 75', async () => {
    const { code, stderr } = await runDemo(folder, { args: ['--once'] });
    expect(stderr).toMatch(new RegExp(`another demo runs in this folder already \\(process ${demo.child.pid}\\)`));
    expect(code).toBe(75);
  });

  test('a shop that is away for a while is told once, and then read on', { timeout: 2 * minutes }, async () => {
    const proxy = await startFaultProxy({ target: new URL(at.shop).origin });
    const watcher = startDemo(newFolder(), { args: ['--vendure-url', `${proxy.url}/admin-api`] });
    await watcher.shows(/watching;/);
    proxy.set({ kind: 'reset' });
    await watcher.shows(/^vendure .* Watching goes on\.$/m);
    proxy.clear();
    const { send } = await shopAdmin(at.shop);
    await send('mutation { updateCustomer(input: { id: "2", lastName: "Back" }) { __typename } }');
    await watcher.shows(/^customers: 1 updated/m);
    expect(watcher.stdout().match(/Watching goes on/g)).toHaveLength(1);
    watcher.child.kill('SIGINT');
    expect(await watcher.ended).toBe(0);
    await proxy.close();
  });

  test('a live account is not written to unless it is prepared', { timeout: minutes }, async () => {
    const account = await startHubSpotSandbox({ settings: { accessTokens: [secret] } });
    const args = ['--once', '--live', '--yes', '--hubspot-url', account.url, '--vendure-url', at.shop];
    const live = { args, env: { HUBSPOT_TOKEN: secret } };
    const elsewhere = newFolder();
    const refused = await runDemo(elsewhere, live);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/lacks .*products\.mortise_key.*--prepare/),
    ]);
    expect(account.writes()).toEqual([]);
    const written = await runDemo(elsewhere, { ...live, args: [...args, '--prepare'] });
    expect(written.stdout).toMatch(/orders +0 to write, 110 once their contact is there/);
    expect(account.writes({ kind: 'create', type: 'deals' })).toHaveLength(110);
    expect(`${written.stdout}${written.stderr}${refused.stderr}`).not.toContain(secret);
    expect(written.code).toBe(0);
    await account.close();
  });

  test('a record that the CRM refuses is counted and named, and the exit code is 3', {
    timeout: 2 * minutes,
  }, async () => {
    const { send } = await shopAdmin(at.shop);
    const input = { firstName: 'No', lastName: 'Address', emailAddress: 'no-address-at-all' };
    const created = await send<{ createCustomer: { id: string } }>(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ... on Customer { id } } }',
      { input },
    );
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
    const { code, stdout, stderr } = await runDemo(folder, { args: ['--once', '--json'] });
    expect(summaryOf(stdout).syncs.map(({ deadLetters }) => deadLetters)).toEqual([1, 0, 0]);
    expect(stderr).toMatch(new RegExp(`customers ${created.createCustomer.id}: .*email`, 'i'));
    expect(stderr).not.toContain('no-address-at-all');
    expect(code).toBe(3);
  });

  test('its end was clean: shop and sandbox are gone', async () => {
    expect(await Promise.all([isGone(at.shop), isGone(at.crm)])).toEqual([true, true]);
  });
});

for (const [signal, expected] of [
  ['SIGINT', 0],
  ['SIGKILL', 'SIGKILL'],
] as const) {
  test(`${signal} in the middle ends shop and sandbox, and the next run goes on`, {
    timeout: 3 * minutes,
  }, async () => {
    const folder = newFolder(first.shop);
    const demo = startDemo(folder);
    const at = await addresses(demo);
    await demo.shows(/^customers .* records/m);
    demo.child.kill(signal);
    expect(await demo.ended).toBe(expected);
    if (signal === 'SIGINT') expect(demo.stdout()).toMatch(/stopped; run again to go on/);
    await untilSeen(async () => ((await isGone(at.shop)) && (await isGone(at.crm)) ? true : undefined));
    const again = startDemo(folder);
    const { crm } = await addresses(again);
    await again.shows(/watching;/);
    await expectEverythingOnce(crm);
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);
  });
}

test('--reset starts over', { timeout: 3 * minutes }, async () => {
  const { code, stdout, stderr } = await runDemo(first.folder, { args: ['--once', '--json', '--reset'] });
  expect(counts(summaryOf(stdout))[0]).toEqual(['customers', 210, 0, 0]);
  expect(stderr).toMatch(/shop filled/);
  expect(code).toBe(0);
});
