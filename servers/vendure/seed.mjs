/**
 * Fills a shop through its public APIs: `node seed.mjs --url http://127.0.0.1:3000/admin-api`.
 *
 * Every request carries many mutations and there is one request at a time: Vendure has a single SQLite connection, where
 * a second transaction has to wait and ask again, so that parallel requests are slower, not faster.
 */
import { parseArgs } from 'node:util';
import { logIn } from './admin-client.mjs';
import { seedCatalog } from './seed/catalog.mjs';
import { seedCustomers } from './seed/customers.mjs';
import { ensureFoundations } from './seed/foundations.mjs';
import { seedOrders } from './seed/orders.mjs';

/** A private facet that is created last: where it is, the shop is full and nothing is touched, whatever changed since. */
const SEEDED = 'demo-shop-seeded';

const COUNTS = `{
  facets(options: { filter: { code: { eq: "${SEEDED}" } } }) { totalItems }
  productVariants(options: { take: 1 }) { totalItems }
  customers(options: { take: 1 }) { totalItems }
  orders(options: { take: 1 }) { totalItems }
}`;

/** @param {any} data */
const readCounts = ({ productVariants, customers, orders }) => ({
  variants: productVariants.totalItems,
  customers: customers.totalItems,
  orders: orders.totalItems,
});

/** @param {import('./admin-client.mjs').Client} client */
async function markSeeded(client) {
  const input = {
    code: SEEDED,
    isPrivate: true,
    translations: [{ languageCode: 'en', name: 'Demo shop' }],
    values: [],
  };
  await client.mutate([
    { field: 'createFacet', arguments: { input: ['CreateFacetInput!', input] }, selection: '{ id }' },
  ]);
}

/**
 * Fills the shop: at least 210 variants, 205 customers and 105 orders, the same on every machine. A full shop is left
 * alone after one query; one that an interrupted seed left half full is completed.
 * @param {object} options
 * @param {string} options.url the Admin API; the Shop API is expected beside it
 * @param {string} [options.username] superadmin where it is not said
 * @param {string} options.password of the administrator; the few customers that can log in get the same one
 * @param {(progress: { step: string, done: number, total: number }) => void} [options.onProgress]
 * @returns {Promise<{ seeded: boolean, variants: number, customers: number, orders: number }>} seeded: whether this
 *   call filled the shop; the totals count everything in the shop
 * @throws {Error} when the server does not answer, refuses the login or a mutation
 */
export async function seedShop({ url, username = 'superadmin', password, onProgress = () => {} }) {
  const client = await logIn({ url, username, password });
  const before = await client.send(COUNTS);
  if (before.facets.totalItems > 0) return { seeded: false, ...readCounts(before) };
  onProgress({ step: 'foundations', done: 0, total: 1 });
  const foundations = await ensureFoundations(client);
  onProgress({ step: 'foundations', done: 1, total: 1 });
  const variantIds = await seedCatalog(client, { foundations, onProgress });
  const customers = await seedCustomers(client, { password, onProgress });
  const shopUrl = new URL('shop-api', url).href;
  await seedOrders(client, { foundations, customers, variantIds, shopUrl, password, onProgress });
  await markSeeded(client);
  return { seeded: true, ...readCounts(await client.send(COUNTS)) };
}

async function main() {
  const { values } = parseArgs({ options: { url: { type: 'string' } } });
  if (!values.url) throw new Error('--url is missing: name the Admin API, such as http://127.0.0.1:3000/admin-api.');
  const password = process.env.VENDURE_SUPERADMIN_PASSWORD || 'superadmin';
  const onProgress = ({ step, done, total }) => process.stderr.write(`${step} ${done}/${total}\n`);
  process.stdout.write(`${JSON.stringify(await seedShop({ url: values.url, password, onProgress }))}\n`);
}

if (import.meta.main) {
  main().catch((error) => {
    process.stderr.write(`seed: ${error.message}\n`);
    process.exit(1);
  });
}
