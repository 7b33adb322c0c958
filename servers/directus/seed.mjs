/** Fills a new Directus through its REST API: two collections with the date specials, and rows made in one batch each. */

const ITEMS = 50;
const LOCATIONS = ['Lager Köln', '倉庫 東京'];

/** The same system fields that the app's own form makes. */
const dateFields = ['date_created', 'date_updated'].map((field) => ({
  field,
  type: 'timestamp',
  meta: { special: [field.replace('_', '-')] },
  schema: {},
}));

const primaryKey = {
  field: 'id',
  type: 'integer',
  meta: {},
  schema: { is_primary_key: true, has_auto_increment: true },
};

const plain = (field, type) => ({ field, type, meta: {}, schema: {} });

const unique = (field) => ({ field, type: 'string', meta: {}, schema: { is_unique: true, is_nullable: false } });

const collections = [
  {
    collection: 'items',
    fields: [
      primaryKey,
      unique('sku'),
      plain('name', 'string'),
      plain('description', 'text'),
      { field: 'price', type: 'decimal', meta: {}, schema: { numeric_precision: 12, numeric_scale: 2 } },
      plain('active', 'boolean'),
      ...dateFields,
    ],
  },
  {
    collection: 'stock_levels',
    fields: [
      primaryKey,
      unique('sku'),
      plain('location', 'string'),
      plain('on_hand', 'integer'),
      plain('allocated', 'integer'),
      ...dateFields,
    ],
  },
];

const skuOf = (index) => `W-${String(index + 1).padStart(3, '0')}`;

const items = Array.from({ length: ITEMS }, (_, index) => ({
  sku: skuOf(index),
  name: index % 5 === 0 ? `Gerät № ${index + 1}` : `Widget ${index + 1}`,
  description: index % 3 === 0 ? null : `Item ${index + 1} of the demo stock`,
  price: `${10 + index}.95`,
  active: index % 7 !== 0,
}));

const levels = items.map(({ sku }, index) => ({
  sku,
  location: LOCATIONS[index % LOCATIONS.length],
  on_hand: 10 * (index + 1),
  allocated: index % 4 === 0 ? null : index,
}));

/** @param {{ url: string, token: string }} options */
const poster =
  ({ url, token }) =>
  async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`Directus answered ${path} with ${response.status}: ${await response.text()}`);
  };

/**
 * Makes the collections that are missing. Gives true where it made any.
 * @param {{ url: string, token: string }} options
 * @throws {Error} when the server refuses a request
 */
export async function makeCollections({ url, token }) {
  const post = poster({ url, token });
  let made = false;
  for (const { collection, fields } of collections) {
    const { ok } = await fetch(`${url}/collections/${collection}`, { headers: { authorization: `Bearer ${token}` } });
    if (ok) continue;
    await post('/collections', { collection, schema: {}, meta: {}, fields });
    made = true;
  }
  return made;
}

/**
 * @param {{ url: string, token: string }} options
 * @throws {Error} when the server refuses a request
 */
export async function seedDirectus({ url, token }) {
  await makeCollections({ url, token });
  const post = poster({ url, token });
  await post('/items/items', items);
  await post('/items/stock_levels', levels);
}
