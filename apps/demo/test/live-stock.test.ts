import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readField } from '@mortise/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededShop } from '../../../servers/vendure/shop-template.mjs';
import { shopAdmin, untilSeen } from './both-sides.ts';
import { cleanUp, type DemoProcess, newFolder, runDemo, startDemo } from './demo-process.ts';

const minutes = 60_000;
const servers = ['--shop', 'vendure', '--inventory', 'directus'];

interface Summary {
  readonly syncs: readonly { name: string; read: number; created: number; deadLetters: number }[];
  readonly converged: boolean;
}

let folder: string;
let demo: DemoProcess;

beforeAll(async () => {
  folder = newFolder(await seededShop({ directory: newFolder() }));
}, 5 * minutes);
afterAll(cleanUp);

const headers = {
  authorization: 'Bearer static-admin-token-for-tests',
  'content-type': 'application/json',
};

/** A row of stock in Directus, by its SKU. */
const levelOf = async (url: string, sku: string): Promise<unknown> => {
  const answer = await fetch(`${url}/items/stock_levels?filter[sku][_eq]=${sku}`, { headers });
  return readField(await answer.json(), 'data.0');
};

test('a real shop and a real stock server are filled and agree', { timeout: 5 * minutes }, async () => {
  const { code, stdout, stderr } = await runDemo(folder, { args: [...servers, '--once', '--json'] });
  expect(stderr).not.toMatch(/error/);
  const { syncs, converged }: Summary = JSON.parse(stdout);
  expect(syncs.map(({ name, read, deadLetters }) => [name, read, deadLetters])).toEqual([
    ['customers', 210, 0],
    ['products', 220, 0],
    ['orders', 110, 0],
    ['stock items', 220, 0],
    ['stock', 220, 0],
  ]);
  expect(converged).toBe(true);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('stock that somebody edits by hand reaches the shop, told over the WebSocket', {
  timeout: 2 * minutes,
}, async () => {
  demo = startDemo(folder, { args: servers });
  const [, shop = ''] = await demo.shows(/Vendure Admin API {2}(\S+)/);
  const [, stock = ''] = await demo.shows(/Directus on SQL {4}(\S+)/);
  await demo.shows(/stock edits of directus are subscribed to/);
  const { send } = await shopAdmin(shop);
  const id = readField(await levelOf(stock, 'BWL-OAK-S'), 'id');
  const edit = { method: 'PATCH', headers, body: JSON.stringify({ on_hand: 4_711 }) };
  expect((await fetch(`${stock}/items/stock_levels/${id}`, edit)).status).toBe(200);
  const document = '{ productVariant(id: 1) { sku stockLevels { stockOnHand } } }';
  await untilSeen(async () => {
    const variant = readField(await send<unknown>(document), 'productVariant');
    expect(readField(variant, 'sku')).toBe('BWL-OAK-S');
    return readField(variant, 'stockLevels.0.stockOnHand') === 4_711 ? true : undefined;
  });
  await demo.shows(/^stock: 1 updated/m);
  // The next round of asking may have carried it already: it is told all the same.
  await demo.shows(/the first stock edit was told over the WebSocket/);
});

test('its end tells how many edits were told, and leaves no server behind', { timeout: minutes }, async () => {
  const [, stock = ''] = await demo.shows(/Directus on SQL {4}(\S+)/);
  demo.child.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(demo.stdout()).toMatch(/[1-9]\d* stock edits? told over the WebSocket and followed/);
  await expect(fetch(stock)).rejects.toThrow();
});

test('a reset clears the database of Directus too, wherever it lies', { timeout: minutes }, async () => {
  const noted = join(folder, '.mortise', 'directus', 'database-home');
  const home = existsSync(noted) ? readFileSync(noted, 'utf8') : join(folder, '.mortise', 'directus');
  expect(existsSync(join(home, 'database', 'PG_VERSION'))).toBe(true);
  const { stderr } = await runDemo(folder, { args: ['--reset', '--once', '--json'] });
  expect(stderr).toContain('NetSuite sandbox');
  expect([existsSync(home), existsSync(noted)]).toEqual([false, false]);
});
