import type { Resolved } from '../graphql/objects.ts';
import { resolve } from '../graphql/objects.ts';
import { gid, idOf } from '../records/gid.ts';
import { childrenOf, find, findByName, nextId, put, remove, type StoredRecord } from '../records/table.ts';
import type { Writing } from '../state.ts';
import { announce } from '../webhooks/announce.ts';

interface VariantInput {
  readonly id?: string | null;
  readonly sku?: string | null;
  readonly price?: string | null;
  readonly optionValues: readonly { readonly optionName?: string | null; readonly name?: string | null }[];
}

interface ProductInput {
  readonly handle?: string | null;
  readonly title?: string | null;
  readonly descriptionHtml?: string | null;
  readonly status?: string | null;
  readonly vendor?: string | null;
  readonly variants?: readonly VariantInput[] | null;
}

/** Arguments of `productSet`. */
export interface ProductSetArguments {
  readonly identifier?: { readonly id?: string | null; readonly handle?: string | null } | null;
  readonly input: ProductInput;
}

const refusal = (code: string, { field, message }: { field: readonly string[]; message: string }) => ({
  product: null,
  userErrors: [{ code, field, message }],
});

const handleOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Creates a product or sets the one of this handle or id; its variants become exactly those that are given. */
export const productSet = (writing: Writing, { identifier, input }: ProductSetArguments): Resolved => {
  const { state, at, noteWrite } = writing;
  const known = knownProduct(writing, identifier);
  if (identifier?.id && known === undefined) {
    return refusal('PRODUCT_DOES_NOT_EXIST', { field: ['identifier', 'id'], message: 'Product does not exist' });
  }
  const title = input.title ?? known?.data.title;
  if (typeof title !== 'string' || title === '') {
    return refusal('INVALID_INPUT', { field: ['input', 'title'], message: "Title can't be blank" });
  }
  const handle = input.handle ?? identifier?.handle ?? known?.data.handle ?? handleOf(title);
  const other = findByName(state.database, 'Product', String(handle));
  if (other !== undefined && other.id !== known?.id) {
    return refusal('HANDLE_NOT_UNIQUE', { field: ['input', 'handle'], message: `Handle ${handle} already in use` });
  }
  const record: StoredRecord = {
    type: 'Product',
    id: known?.id ?? nextId(state.database, 'Product'),
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
    data: {
      descriptionHtml: '',
      status: 'ACTIVE',
      vendor: 'Sandbox',
      ...known?.data,
      ...given(input, ['descriptionHtml', 'status', 'vendor']),
      title,
      handle,
    },
  };
  put(state.database, record, { changedAt: at, lookup: { name: String(handle) } });
  setVariants(writing, {
    product: record,
    variants: input.variants ?? (known === undefined ? [{ optionValues: [] }] : undefined),
  });
  noteWrite({ kind: known === undefined ? 'create' : 'update', type: 'products', id: record.id, key: String(handle) });
  announce(writing, { topic: known === undefined ? 'PRODUCTS_CREATE' : 'PRODUCTS_UPDATE', record });
  return { product: resolve(state, record), userErrors: [] };
};

const given = <Input extends object>(input: Input, names: readonly (keyof Input)[]) =>
  Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined || input[name] === null ? [] : [[name, input[name]]])),
  );

const knownProduct = ({ state }: Writing, identifier: ProductSetArguments['identifier']): StoredRecord | undefined => {
  if (identifier?.handle) return findByName(state.database, 'Product', identifier.handle);
  const id = idOf('Product', identifier?.id);
  return id === undefined ? undefined : find(state.database, 'Product', id);
};

const setVariants = (
  writing: Writing,
  { product, variants }: { product: StoredRecord; variants: readonly VariantInput[] | undefined },
): void => {
  if (variants === undefined) return;
  const { database } = writing.state;
  const before = childrenOf(database, 'ProductVariant', product.id);
  const kept = new Set(variants.map(({ id }) => idOf('ProductVariant', id)));
  for (const gone of before.filter(({ id }) => !kept.has(id))) removeVariant(writing, gone);
  for (const variant of variants) setVariant(writing, { product, variant });
};

const setVariant = (
  { state: { database }, at }: Writing,
  { product, variant }: { product: StoredRecord; variant: VariantInput },
): void => {
  const knownId = idOf('ProductVariant', variant.id);
  const known = knownId === undefined ? undefined : find(database, 'ProductVariant', knownId);
  const id = known?.id ?? nextId(database, 'ProductVariant');
  const itemId = String(known?.data.itemId ?? nextId(database, 'InventoryItem'));
  const sku = variant.sku ?? known?.data.sku ?? null;
  const selectedOptions = variant.optionValues.map(({ optionName, name }) => ({
    name: optionName ?? 'Title',
    value: name ?? '',
  }));
  const title = selectedOptions.map(({ value }) => value).join(' / ') || 'Default Title';
  const data = {
    title,
    sku,
    price:
      variant.price === null || variant.price === undefined
        ? (known?.data.price ?? '0.00')
        : Number(variant.price).toFixed(2),
    selectedOptions: selectedOptions.length > 0 ? selectedOptions : [{ name: 'Title', value: 'Default Title' }],
    productId: product.id,
    itemId,
  };
  const stamps = { createdAt: known?.createdAt ?? at, updatedAt: at };
  const name = typeof sku === 'string' ? sku : null;
  put(
    database,
    { type: 'ProductVariant', id, ...stamps, data },
    { changedAt: at, lookup: { parent: product.id, name } },
  );
  const item = { sku, tracked: true, variantId: id };
  put(database, { type: 'InventoryItem', id: itemId, ...stamps, data: item }, { changedAt: at, lookup: { name } });
  if (known === undefined) stockEverywhere({ database, at, itemId });
};

/** A new item lies at every location, none of it. */
const stockEverywhere = ({
  database,
  at,
  itemId,
}: {
  database: Writing['state']['database'];
  at: number;
  itemId: string;
}): void => {
  const locations = database.statement(
    "SELECT CAST(id AS TEXT) AS id FROM records WHERE type = 'Location' ORDER BY records.id",
  );
  for (const { id } of locations.all()) {
    const data = { itemId, locationId: String(id), onHand: 0, committed: 0 };
    const level = {
      type: 'InventoryLevel',
      id: nextId(database, 'InventoryLevel'),
      createdAt: at,
      updatedAt: at,
      data,
    } as const;
    put(database, level, { changedAt: at, lookup: { parent: itemId, place: String(id) } });
  }
};

const removeVariant = ({ state: { database }, at }: Writing, variant: StoredRecord): void => {
  const itemId = String(variant.data.itemId);
  for (const level of childrenOf(database, 'InventoryLevel', itemId)) remove(database, level, at);
  remove(database, { type: 'InventoryItem', id: itemId }, at);
  remove(database, variant, at);
};

/** Deletes a product with its variants and their stock. */
export const productDelete = (writing: Writing, { input }: { readonly input: { readonly id: string } }): Resolved => {
  const { database } = writing.state;
  const id = idOf('Product', input.id);
  const record = id === undefined ? undefined : find(database, 'Product', id);
  if (record === undefined) {
    return { deletedProductId: null, userErrors: [{ field: ['id'], message: 'Product does not exist' }] };
  }
  for (const variant of childrenOf(database, 'ProductVariant', record.id)) removeVariant(writing, variant);
  remove(database, record, writing.at);
  writing.noteWrite({ kind: 'delete', type: 'products', id: record.id });
  announce(writing, { topic: 'PRODUCTS_DELETE', record });
  return { deletedProductId: gid('Product', record.id), userErrors: [] };
};
