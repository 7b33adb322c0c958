import { describe, expect, test } from 'vitest';
import { mergeCustomers, placeOrder } from '../src/index.ts';
import { ask, at, codes, type Row, smallShop, startedSandbox } from './started.ts';

const errors = 'userErrors { field code message }';
const setProduct = `mutation P($identifier: ProductSetIdentifiers, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input) { product { id handle title variants(first: 5) { nodes { id sku price } } } ${errors} }
}`;
const setCustomer = `mutation C($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) { customer { id email firstName } ${errors} }
}`;
const plain =
  'mutation S($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) { userErrors { code } } }';
const keyed = `mutation S($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code } }
}`;
const options = [{ name: 'Title', values: [{ name: 'Default Title' }] }];
const optionValues = [{ optionName: 'Title', name: 'Default Title' }];
const ids = { inventoryItemId: 'gid://shopify/InventoryItem/1001', locationId: 'gid://shopify/Location/1001' };
const stock = (quantity: number, more: Row = {}) => ({
  input: { name: 'on_hand', reason: 'correction', quantities: [{ ...ids, quantity, ...more }] },
});

const userCodes = (data: Row, field: string): unknown[] => {
  const found = at(data, `${field}.userErrors`);
  return Array.isArray(found) ? found.map((error) => at(error, 'code')) : [];
};

async function onHand(sandbox: { url: string }): Promise<unknown> {
  const query = `{ inventoryItem(id: "${ids.inventoryItemId}") { inventoryLevel(locationId: "${ids.locationId}") { quantities(names: ["on_hand"]) { quantity } } } }`;
  return at((await ask(sandbox, query)).data, 'inventoryItem.inventoryLevel.quantities.0.quantity');
}

describe('vendors.md 3, upserts', () => {
  test('productSet creates by handle and then updates, with one create in the log', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const identifier = { handle: 'neu' };
    const input = { title: 'Neu', productOptions: options, variants: [{ optionValues, sku: 'N-1', price: '3.00' }] };
    const made = await ask(sandbox, setProduct, { variables: { identifier, input } });
    const again = await ask(sandbox, setProduct, { variables: { identifier, input: { title: 'Neuer' } } });
    expect(at(made.data, 'productSet.product.variants.nodes.0')).toMatchObject({ sku: 'N-1', price: '3.00' });
    expect(at(again.data, 'productSet.product')).toEqual({
      ...Object(at(made.data, 'productSet.product')),
      title: 'Neuer',
    });
    expect(sandbox.writes().map(({ kind, key }) => [kind, key])).toEqual([
      ['create', 'neu'],
      ['update', 'neu'],
    ]);
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('productSet deletes the variants that it is not told of, and refuses variants without options', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const identifier = { id: 'gid://shopify/Product/1001' };
    const variants = [{ id: 'gid://shopify/ProductVariant/1001', optionValues }];
    const { data } = await ask(sandbox, setProduct, {
      variables: { identifier, input: { productOptions: options, variants } },
    });
    expect(at(data, 'productSet.product.variants.nodes')).toMatchObject([{ id: 'gid://shopify/ProductVariant/1001' }]);
    const refused = await ask(sandbox, setProduct, { variables: { identifier, input: { variants } } });
    expect(userCodes(refused.data, 'productSet')).toEqual(['PRODUCT_OPTIONS_INPUT_MISSING']);
  });

  test('a deleted product leaves a deletion event, and its id never comes again', async () => {
    const sandbox = await startedSandbox();
    const make = () => ask(sandbox, setProduct, { variables: { input: { title: 'A' } } });
    const id = at((await make()).data, 'productSet.product.id');
    await ask(
      sandbox,
      'mutation D($id: ID!) { productDelete(input: { id: $id }) { deletedProductId userErrors { message } } }',
      { variables: { id } },
    );
    const { data } = await ask(
      sandbox,
      '{ deletionEvents(first: 5, subjectTypes: [PRODUCT]) { nodes { subjectId subjectType } } }',
    );
    expect(at(data, 'deletionEvents.nodes')).toEqual([{ subjectId: id, subjectType: 'PRODUCT' }]);
    expect(at((await make()).data, 'productSet.product.id')).not.toBe(id);
  });

  test('customerSet finds by email, and refuses a phone that another one has', async () => {
    const sandbox = await startedSandbox();
    const set = (email: string, input: Row) =>
      ask(sandbox, setCustomer, { variables: { identifier: { email }, input: { email, ...input } } });
    const made = await set('a@example.test', { firstName: '美咲', phone: '+4930123' });
    const again = await set('a@example.test', { firstName: 'Ada' });
    expect(at(again.data, 'customerSet.customer.id')).toBe(at(made.data, 'customerSet.customer.id'));
    expect(userCodes((await set('b@example.test', { phone: '+4930123' })).data, 'customerSet')).toEqual(['TAKEN']);
    expect(userCodes((await set('nonsense', {})).data, 'customerSet')).toEqual(['INVALID']);
  });

  test('a merged customer is gone, and its orders belong to the other', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const [from, into] = ['gid://shopify/Customer/1001', 'gid://shopify/Customer/1002'];
    const order = placeOrder(sandbox.state, {
      customerId: from,
      lines: [{ variantId: 'gid://shopify/ProductVariant/1001', quantity: 2 }],
    });
    mergeCustomers(sandbox.state, { from, into });
    const { data } = await ask(
      sandbox,
      `{ customer(id: "${from}") { id } order(id: "${order}") { customer { id } lineItems(first: 5) { nodes { quantity } } } }`,
    );
    expect(data).toEqual({
      customer: null,
      order: { customer: { id: into }, lineItems: { nodes: [{ quantity: 2 }] } },
    });
  });
});

const inventory = 'inventorySetQuantities';

describe('vendors.md 3, idempotent inventory writes; trap 10.2', () => {
  test.each([
    ['@idempotent', plain, stock(5, { changeFromQuantity: null })],
    ['changeFromQuantity', keyed, { ...stock(5), key: 'k' }],
  ])('a write without %s is refused, and writes nothing', async (_name, document, variables) => {
    const sandbox = await startedSandbox({ seed: smallShop });
    expect(codes(await ask(sandbox, document, { variables }))).toEqual(['BAD_REQUEST']);
    expect(sandbox.writes()).toEqual([]);
  });

  test('before 2026-04 neither is asked for, and a key is kept all the same', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const old = { version: '2026-01' };
    expect(userCodes((await ask(sandbox, plain, { variables: stock(41), ...old })).data, inventory)).toEqual([]);
    expect(await onHand(sandbox)).toBe(41);
    const set = (quantity: number) => ask(sandbox, keyed, { variables: { ...stock(quantity), key: 'k' }, ...old });
    expect(userCodes((await set(42)).data, inventory)).toEqual([]);
    expect(userCodes((await set(43)).data, inventory)).toEqual(['IDEMPOTENCY_KEY_PARAMETER_MISMATCH']);
    expect(await onHand(sandbox)).toBe(42);
  });

  test('a repeat of a key writes once and answers the same; other parameters are refused', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const set = (quantity: number) =>
      ask(sandbox, keyed, { variables: { ...stock(quantity, { changeFromQuantity: null }), key: 'k' } });
    expect(userCodes((await set(500)).data, 'inventorySetQuantities')).toEqual([]);
    expect(userCodes((await set(500)).data, 'inventorySetQuantities')).toEqual([]);
    expect(userCodes((await set(501)).data, 'inventorySetQuantities')).toEqual(['IDEMPOTENCY_KEY_PARAMETER_MISMATCH']);
    expect([await onHand(sandbox), sandbox.writes().length]).toEqual([500, 1]);
  });

  test('a quantity that is no more the expected one is stale', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const set = (key: string, changeFromQuantity: unknown) =>
      ask(sandbox, keyed, { variables: { ...stock(700, { changeFromQuantity }), key } });
    expect(userCodes((await set('a', -7)).data, 'inventorySetQuantities')).toEqual(['CHANGE_FROM_QUANTITY_STALE']);
    expect(userCodes((await set('b', await onHand(sandbox))).data, 'inventorySetQuantities')).toEqual([]);
    expect(await onHand(sandbox)).toBe(700);
  });
});
