/**
 * 60 products of 3 or 4 sizes each, with stock.
 */
import { createGenerator, slices } from './generator.mjs';

const MATERIALS = { OAK: 'Oak', LIN: 'Linen', CER: 'Ceramic', COP: 'Copper', WOL: 'Wool' };
const THINGS = {
  BWL: 'bowl',
  TRY: 'tray',
  LMP: 'lamp',
  BSK: 'basket',
  VAS: 'vase',
  FRM: 'frame',
  CLK: 'clock',
  STL: 'stool',
  HOK: 'hook rail',
  BOX: 'jewellery box',
  COA: 'coaster set',
  CAF: 'café table',
};
const SIZES = ['S', 'M', 'L', 'XL'];
const SIZE_GROUP = 'size';
/** Products, and variants, of one request. More gain little and make the progress jump. */
const BATCH = 20;

const english = (name) => [{ languageCode: 'en', name }];

/**
 * @typedef {{ sku: string, name: string, size: string, price: number, stock: number[] }} VariantPlan price in cents
 * without tax; stock on hand, one number for each stock location that carries it
 * @typedef {{ slug: string, name: string, variants: VariantPlan[] }} ProductPlan
 */

/** @returns {ProductPlan[]} */
function planProducts() {
  const random = createGenerator(20_261_123);
  const pairs = Object.entries(THINGS).flatMap(([thingCode, thing]) =>
    Object.entries(MATERIALS).map(([materialCode, material]) => ({
      code: `${thingCode}-${materialCode}`,
      name: `${material} ${thing}`,
    })),
  );
  return pairs.map(({ code, name }, index) => {
    const base = random.integer(9, 180) * 100 + 90;
    const variants = SIZES.slice(0, index % 3 === 2 ? 3 : 4).map((size, step) => {
      const stock = index % 3 === 0 ? [random.integer(60, 240), random.integer(10, 40)] : [random.integer(60, 240)];
      return { sku: `${code}-${size}`, name: `${name} ${size}`, size, price: base + step * 350, stock };
    });
    return { slug: code.toLowerCase(), name, variants };
  });
}

/** @returns {Promise<{ id: string, options: Map<string, string> }>} options: size to option id */
async function ensureSizes(client) {
  const { productOptionGroups } = await client.send(
    '{ productOptionGroups { items { id code options { id code } } } }',
  );
  let group = productOptionGroups.items.find(({ code }) => code === SIZE_GROUP);
  if (!group) {
    const options = SIZES.map((size) => ({ code: size.toLowerCase(), translations: english(size) }));
    const input = { code: SIZE_GROUP, translations: english('Size'), options };
    const field = 'createProductOptionGroup';
    const argument = { input: ['CreateProductOptionGroupInput!', input] };
    [group] = await client.mutate([{ field, arguments: argument, selection: '{ id options { id code } }' }]);
  }
  return { id: group.id, options: new Map(group.options.map(({ id, code }) => [code.toUpperCase(), id])) };
}

const listProducts = (client) =>
  client.listAll({ field: 'products', selection: '{ id slug optionGroups { id } variants { id sku } }' });

/** Creates missing products, and gives the size group to those that lack it. */
async function ensureProducts(client, { plans, sizes }) {
  const found = new Map((await listProducts(client)).map((product) => [product.slug, product]));
  const missing = plans.filter(({ slug }) => !found.has(slug));
  for (const slice of slices(missing, BATCH)) {
    const operations = slice.map(({ slug, name }) => {
      const translations = [{ languageCode: 'en', name, slug, description: '' }];
      const argument = { input: ['CreateProductInput!', { enabled: true, translations }] };
      return { field: 'createProduct', arguments: argument, selection: '{ id slug }' };
    });
    for (const product of await client.mutate(operations)) {
      found.set(product.slug, { ...product, optionGroups: [], variants: [] });
    }
  }
  const bare = plans.map(({ slug }) => found.get(slug)).filter(({ optionGroups }) => optionGroups.length === 0);
  for (const slice of slices(bare, BATCH)) {
    const operations = slice.map(({ id }) => ({
      field: 'addOptionGroupToProduct',
      arguments: { productId: ['ID!', id], optionGroupId: ['ID!', sizes.id] },
      selection: '{ id }',
    }));
    await client.mutate(operations);
  }
  return found;
}

/** @param {{ variant: VariantPlan, productId: string, sizes: any, foundations: any }} options */
function variantInput({ variant, productId, sizes, foundations }) {
  return {
    productId,
    sku: variant.sku,
    price: variant.price,
    taxCategoryId: foundations.taxCategoryId,
    optionIds: [sizes.options.get(variant.size)],
    trackInventory: 'TRUE',
    stockLevels: variant.stock.map((stockOnHand, index) => ({
      stockLocationId: foundations.stockLocationIds[index],
      stockOnHand,
    })),
    translations: english(variant.name),
  };
}

/**
 * Creates what is missing of the catalogue.
 * @param {import('../admin-client.mjs').Client} client
 * @param {{ foundations: import('./foundations.mjs').Foundations, onProgress: Function }} options
 * @returns {Promise<string[]>} the ids of all planned variants, in the order of the plan
 */
export async function seedCatalog(client, { foundations, onProgress }) {
  const plans = planProducts();
  const total = plans.flatMap(({ variants }) => variants).length;
  const sizes = await ensureSizes(client);
  const products = await ensureProducts(client, { plans, sizes });
  const ids = new Map([...products.values()].flatMap(({ variants }) => variants.map(({ id, sku }) => [sku, id])));
  const inputs = plans.flatMap(({ slug, variants }) =>
    variants
      .filter(({ sku }) => !ids.has(sku))
      .map((variant) => variantInput({ variant, productId: products.get(slug).id, sizes, foundations })),
  );
  for (const slice of slices(inputs, BATCH)) {
    onProgress({ step: 'products', done: ids.size, total });
    const argument = { input: ['[CreateProductVariantInput!]!', slice] };
    const operation = { field: 'createProductVariants', arguments: argument, selection: '{ id sku }' };
    for (const { id, sku } of (await client.mutate([operation]))[0]) ids.set(sku, id);
  }
  onProgress({ step: 'products', done: total, total });
  return plans.flatMap(({ variants }) => variants.map(({ sku }) => ids.get(sku)));
}
