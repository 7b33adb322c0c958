import { stockKey } from '@mortise/models';
import { readField } from '@mortise/runtime';
import { destroy, type RecordType, type ShopifySandbox, startShopifySandbox } from '@mortise/sandbox-shopify';
import { isRecord, type ResourceWorld, virtualClock, type World } from '@mortise/testing';
import { limits, searchLagMs } from '../src/vendor-facts.ts';
import { noon } from './stand-in.ts';

/** A row of the shop, put there behind the API's back. */
interface Row {
  readonly type: RecordType;
  readonly body: object;
  readonly parent?: string;
  readonly other?: string;
}

/** Puts a row whose last change was at `at`: the search has it once its lag is over. Answers the digits of its id. */
const insert = ({ database }: ShopifySandbox, { type, body, parent, other }: Row, at: number): string => {
  const sql = `INSERT INTO records SELECT ?, coalesce(max(id), 1000) + 1, ?, ?, ?, ?, ?, ?, NULL FROM records
    RETURNING CAST(id AS TEXT) AS id`;
  const ids = [parent, other].map((id) => (id === undefined ? null : BigInt(id)));
  const row = database.statement(sql).get(type, ...ids, JSON.stringify(body), at, at, at);
  return String(row?.id);
};

/** Global ids of all rows of a type, as Shopify writes them. */
const idsOf = ({ database }: ShopifySandbox, type: RecordType): readonly string[] => {
  const suffix = type === 'InventoryLevel' ? "|| '?inventory_item_id=' || CAST(parent AS TEXT)" : '';
  const sql = `SELECT 'gid://shopify/' || type || '/' || CAST(id AS TEXT) ${suffix} AS gid FROM records WHERE type = ?`;
  return database
    .statement(sql)
    .all(type)
    .map(({ gid }) => String(gid));
};

const digitsOf = (gid: string): bigint => BigInt(/\/(\d+)(?:\?|$)/.exec(gid)?.[1] ?? 0);

/** Digits of a product's own id and of all that belongs to it, and its SKU. */
type ProductParts = Readonly<Record<'Product' | 'ProductVariant' | 'InventoryItem' | 'InventoryLevel' | 'sku', string>>;

/** Where the stock of all products lies. */
const shelf = 'Berlin';

const hourMs = 3_600_000;

let made = 0;

/** A product as people make it in the shop: with one variant, its inventory item, and the level at the first location. */
const insertProduct = (sandbox: ShopifySandbox, at: number): ProductParts => {
  made += 1;
  const [location = ''] = idsOf(sandbox, 'Location');
  const title = `Lamp ${made}`;
  const [handle, sku] = [`put-${made}`, `PUT-${made}`];
  const common = { descriptionHtml: '<p>Lamp</p>', status: 'ACTIVE', vendor: '', productType: '', tags: [] };
  const sold = {
    title: 'Default Title',
    displayName: title,
    price: '12.50',
    barcode: null,
    taxable: true,
    position: 1,
  };
  const options = [{ name: 'Title', value: 'Default Title' }];
  const stock = { isActive: true, onHand: 3, committed: 0 };
  const add = (row: Row): string => insert(sandbox, row, at);
  const product = add({ type: 'Product', body: { handle, title, ...common } });
  const item = add({ type: 'InventoryItem', body: { sku, tracked: true, requiresShipping: true } });
  const body = { sku, ...sold, inventoryQuantity: 3, selectedOptions: options };
  return {
    sku,
    Product: product,
    ProductVariant: add({ type: 'ProductVariant', parent: product, other: item, body }),
    InventoryItem: item,
    InventoryLevel: add({ type: 'InventoryLevel', parent: item, other: String(digitsOf(location)), body: stock }),
  };
};

const person = (index: number, from: string) => ({
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: `${from}${index}@example.test`,
  phone: `+4930${from === 'put' ? 1 : 2}${1_000_000 + index}`,
});

const insertCustomer = (sandbox: ShopifySandbox, at: number): string => {
  made += 1;
  const more = { note: null, tags: [], state: 'ENABLED', numberOfOrders: '0', defaultAddress: null };
  return insert(sandbox, { type: 'Customer', body: { ...person(made, 'put'), ...more } }, at);
};

const money = (amount: string) => {
  const shopMoney = { amount, currencyCode: 'EUR' };
  return { shopMoney, presentmentMoney: shopMoney };
};

const insertOrder = (sandbox: ShopifySandbox, at: number): string => {
  const customerId = insertCustomer(sandbox, at);
  const { Product: productId, ProductVariant: variantId } = insertProduct(sandbox, at);
  const states = { displayFinancialStatus: 'PAID', displayFulfillmentStatus: 'UNFULFILLED', test: false };
  const dates = { processedAt: new Date(at).toISOString(), cancelledAt: null, closedAt: null };
  const totals = { totalPriceSet: money('25.00'), subtotalPriceSet: money('25.00'), totalTaxSet: money('0.00') };
  const body = { name: `#${made}`, email: null, currencyCode: 'EUR', customerId, ...states, ...dates, ...totals };
  const parent = insert(sandbox, { type: 'Order', body }, at);
  const line = { name: 'Lamp', title: 'Lamp', sku: 'PUT-1', quantity: 2, originalUnitPriceSet: money('12.50') };
  insert(sandbox, { type: 'LineItem', parent, body: { ...line, variantId, productId } }, at);
  return parent;
};

const insertLocation = (sandbox: ShopifySandbox, { name, at }: { name: string; at: number }): string =>
  insert(sandbox, { type: 'Location', body: { name, isActive: true } }, at);

const insertSubscription = (sandbox: ShopifySandbox, at: number): string => {
  made += 1;
  const body = { topic: 'PRODUCTS_UPDATE', uri: `https://hooks.example.test/put${made}`, format: 'JSON' };
  return insert(sandbox, { type: 'WebhookSubscription', body }, at);
};

/** What can be done to the records of a type behind the API's back. */
const kept = (
  sandbox: ShopifySandbox,
  type: RecordType,
  add: (at: number) => string,
): Required<Pick<ResourceWorld, 'ids' | 'put' | 'touch' | 'delete' | 'granularityMs'>> => {
  const { database, state } = sandbox;
  return {
    ids: async () => idsOf(sandbox, type),
    put: async (count, { at = state.clock.now() } = {}) => {
      const added = new Set(Array.from({ length: count }, () => BigInt(add(at))));
      return idsOf(sandbox, type).filter((gid) => added.has(digitsOf(gid)));
    },
    touch: async (gid, at) => {
      const sql = 'UPDATE records SET updated_at = ?, changed_at = ? WHERE type = ? AND id = ?';
      database.statement(sql).run(at, at, type, digitsOf(gid));
    },
    delete: async (gid) => destroy(state, gid),
    granularityMs: 1_000,
  };
};

const lagMs = searchLagMs;

/** Levels are only set, by the SKU of an item that is there and the name of its location. */
const writtenLevels = (sandbox: ShopifySandbox): Partial<ResourceWorld> => {
  const skus = new Map<number, string>();
  const sample = (index: number) => {
    // Long enough ago for the search to know the SKU.
    const sku = skus.get(index) ?? insertProduct(sandbox, noon - hourMs).sku;
    skus.set(index, sku);
    return { key: stockKey({ sku, location: shelf }), quantities: { on_hand: 40 + index } };
  };
  return {
    sample,
    refused: () => ({ key: stockKey({ sku: 'NO-SUCH-SKU', location: shelf }), quantities: { on_hand: 1 } }),
    setsOnly: true,
    mark: () => 'mutation SetStock',
    // What is on hand and not promised to orders is available: Shopify moves both.
    change: () => ({ quantities: { on_hand: 7, available: 7 } }),
  };
};

const productResources = (sandbox: ShopifySandbox): Readonly<Record<string, ResourceWorld>> => {
  const part = (type: Exclude<keyof ProductParts, 'sku'>): ResourceWorld => ({
    ...kept(sandbox, type, (at) => insertProduct(sandbox, at)[type]),
    lagMs,
  });
  const product = (index: number, title: string) => ({
    handle: `sample-${index}`,
    title,
    descriptionHtml: '<p>Lamp</p>',
    status: 'ACTIVE',
    currencyCode: 'EUR',
    variant: { sku: `SAMPLE-${index}`, price: '12.50' },
  });
  return {
    products: {
      ...part('Product'),
      sample: (index) => product(index, `Lamp ${index}`),
      refused: (index) => product(index, ''),
    },
    variants: part('ProductVariant'),
    inventoryItems: part('InventoryItem'),
    stockLevels: { ...part('InventoryLevel'), ...writtenLevels(sandbox) },
  };
};

const customers = (sandbox: ShopifySandbox): ResourceWorld => {
  const customer = (index: number, emailAddress: string) => {
    const { firstName, lastName, phone } = person(index, 'sample');
    const defaultPhoneNumber = { phoneNumber: phone };
    return { firstName, lastName, defaultEmailAddress: { emailAddress }, defaultPhoneNumber };
  };
  return {
    ...kept(sandbox, 'Customer', (at) => insertCustomer(sandbox, at)),
    sample: (index) => customer(index, person(index, 'sample').email),
    refused: (index) => customer(index, 'no address'),
    lagMs,
  };
};

const webhookSubscriptions = (sandbox: ShopifySandbox): ResourceWorld => {
  const subscription = (protocol: string) => (index: number) => ({
    topic: 'ORDERS_CREATE',
    url: `${protocol}://hooks.example.test/sample${index}`,
  });
  return {
    ...kept(sandbox, 'WebhookSubscription', (at) => insertSubscription(sandbox, at)),
    delete: async (gid) => {
      const sql = "DELETE FROM records WHERE type = 'WebhookSubscription' AND id = ?";
      sandbox.database.statement(sql).run(digitsOf(gid));
    },
    sample: subscription('https'),
    refused: subscription('http'),
  };
};

/** As Shopify sends events: the body of the REST API, with ids as numbers. */
const delivery = (index: number) => ({
  url: 'https://hooks.example.test/shopify',
  headers: {
    'content-type': 'application/json',
    'x-shopify-topic': 'products/update',
    'x-shopify-shop-domain': 'sandbox.myshopify.com',
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-${100_000_000_000 + index}`,
    'x-shopify-event-id': `98880550-7158-44d4-b7cd-${100_000_000_000 + index}`,
    'x-shopify-triggered-at': new Date(noon - 60_000).toISOString(),
  },
  body: JSON.stringify({ id: 1001, admin_graphql_api_id: 'gid://shopify/Product/1001', title: 'Lamp' }),
});

const start: World['start'] = async () => {
  const clock = virtualClock(noon);
  const sandbox = await startShopifySandbox({ clock, settings: { searchLagMs } });
  insertLocation(sandbox, { name: shelf, at: noon - hourMs });
  return {
    url: sandbox.url,
    settings: (origin) => ({ shop: 'sandbox.myshopify.com', origin }),
    credentials: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' },
    clock,
    resources: {
      ...productResources(sandbox),
      customers: customers(sandbox),
      orders: { ...kept(sandbox, 'Order', (at) => insertOrder(sandbox, at)), lagMs },
      locations: kept(sandbox, 'Location', (at) => insertLocation(sandbox, { name: 'Shelf', at })),
      webhookSubscriptions: webhookSubscriptions(sandbox),
    },
    delivery,
    stop: () => sandbox.close(),
  };
};

/** Refused for its cost: the bucket is empty, and holds the points of the query after the wait. */
const throttled = (waitMs: number) => ({
  status: 200,
  body: {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: (waitMs / 1_000) * limits.restorePerSecond,
        actualQueryCost: null,
        throttleStatus: {
          maximumAvailable: limits.bucketPoints,
          currentlyAvailable: 0,
          restoreRate: limits.restorePerSecond,
        },
      },
    },
  },
});

const requiredAccess = '`read_products` access scope.';

const denied = {
  message: `Access denied for products field. Required access: ${requiredAccess}`,
  extensions: { code: 'ACCESS_DENIED', documentation: 'https://shopify.dev/api/usage/access-scopes', requiredAccess },
};

/** The first connection of an answer without its nodes, where Shopify says that more lie behind them. */
const emptyPage = (value: unknown): unknown => {
  if (!isRecord(value)) return value;
  if (readField(value, 'pageInfo.hasNextPage') === true) return { ...value, nodes: [] };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, emptyPage(inner)]));
};

/** Shopify's stand-in, with the lag of its search. */
export const world: World = {
  name: 'Shopify sandbox',
  kind: 'sandbox',
  start,
  dialect: {
    throttled,
    unauthenticated: () => ({
      status: 401,
      body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
    }),
    forbidden: () => ({ status: 200, body: { data: null, errors: [denied] } }),
    emptyPage,
    isTokenRequest: ({ path, body }) => path.endsWith('/access_token') || body.includes('GrantedScopes'),
  },
};
