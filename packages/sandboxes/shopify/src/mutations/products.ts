import { isRecord } from '@mortise/testing';
import type { Execution, Resolver } from '../graphql/execution.ts';
import { gidOf, idOf } from '../records/gid.ts';
import { findByField, findRecord, recordsOf } from '../records/table.ts';
import { sourceOf } from '../records/wire.ts';
import { announce, change, create, remove, removeVariant } from '../shop/changes.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';
import { given, type Refusal, refused } from './refusal.ts';

function found(state: ShopifyState, identifier: unknown): StoredRecord | undefined {
  if (!isRecord(identifier)) return undefined;
  if (typeof identifier.handle === 'string') {
    return findByField(state.database, 'Product', { name: 'handle', value: identifier.handle });
  }
  return findRecord(state.database, { type: 'Product', id: idOf(identifier.id, 'Product') });
}

const handleOf = (title: unknown): string =>
  String(title)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');

const emptyProduct = {
  descriptionHtml: '',
  vendor: '',
  productType: '',
  tags: [],
  status: 'ACTIVE',
  publishedAt: null,
};

function refusal(
  state: ShopifyState,
  before: StoredRecord | undefined,
  call: Record<string, unknown>,
): Refusal | undefined {
  const input = isRecord(call.input) ? call.input : {};
  const identifier = isRecord(call.identifier) ? call.identifier : {};
  if (before === undefined && typeof identifier.id === 'string') {
    return { field: ['identifier'], code: 'PRODUCT_DOES_NOT_EXIST', message: 'Product does not exist' };
  }
  if (before === undefined && (typeof input.title !== 'string' || input.title === '')) {
    return { field: ['input', 'title'], code: 'INVALID_INPUT', message: "Title can't be blank" };
  }
  const handle = typeof input.handle === 'string' ? input.handle : undefined;
  const holder =
    handle === undefined ? undefined : findByField(state.database, 'Product', { name: 'handle', value: handle });
  if (holder !== undefined && holder.id !== before?.id) {
    return { field: ['input', 'handle'], code: 'HANDLE_NOT_UNIQUE', message: `Handle '${handle}' already in use` };
  }
  if (input.variants !== undefined && input.productOptions === undefined) {
    return {
      field: ['input', 'productOptions'],
      code: 'PRODUCT_OPTIONS_INPUT_MISSING',
      message: 'Product options input is required when updating variants',
    };
  }
  return undefined;
}

function createItem(state: ShopifyState, sku: unknown): string {
  const item = create(state, {
    type: 'InventoryItem',
    body: { sku: sku ?? null, tracked: true, requiresShipping: true },
  });
  const locations = state.database
    .statement("SELECT CAST(id AS TEXT) AS id_text FROM records WHERE type = 'Location' ORDER BY id")
    .all();
  for (const { id_text } of locations) {
    const body = { isActive: true, onHand: 0, committed: 0 };
    create(state, { type: 'InventoryLevel', parent: item.id, other: String(id_text), body });
  }
  return item.id;
}

function variantBody(input: Record<string, unknown>, position: number): Record<string, unknown> {
  const options = Array.isArray(input.optionValues) ? input.optionValues.filter(isRecord) : [];
  const selectedOptions = options.map(({ optionName, name }) => ({ name: optionName ?? 'Title', value: name ?? '' }));
  const title = selectedOptions.map(({ value }) => value).join(' / ');
  return {
    ...given(input, ['sku', 'barcode', 'price', 'taxable']),
    selectedOptions,
    title,
    displayName: title,
    position,
  };
}

/** Sets the list of variants: those that are not named are deleted, as at the vendor. */
function setVariants(
  state: ShopifyState,
  { product, list }: { product: StoredRecord; list: readonly Record<string, unknown>[] },
): void {
  const left = new Map(
    recordsOf(state.database, 'ProductVariant', { by: 'parent', id: product.id }).map((each) => [each.id, each]),
  );
  const empty = { sku: null, barcode: null, price: '0.00', taxable: true, inventoryQuantity: 0 };
  for (const [index, input] of list.entries()) {
    const known = left.get(idOf(input.id, 'ProductVariant') ?? '');
    const body = variantBody(input, index + 1);
    if (known === undefined) {
      const other = createItem(state, body.sku);
      create(state, { type: 'ProductVariant', parent: product.id, other, body: { ...empty, ...body } });
      continue;
    }
    left.delete(known.id);
    change(state, known, { body: body });
    const item = findRecord(state.database, { type: 'InventoryItem', id: known.other });
    if (item !== undefined && 'sku' in body) change(state, item, { body: { sku: body.sku } });
  }
  for (const variant of left.values()) removeVariant(state, variant);
}

const defaultVariant = { optionValues: [{ optionName: 'Title', name: 'Default Title' }] };

function write({ context }: Execution, before: StoredRecord | undefined, input: Record<string, unknown>): StoredRecord {
  const { state } = context;
  const fields = given(input, ['handle', 'title', 'descriptionHtml', 'status', 'vendor', 'productType', 'tags']);
  const created = { ...emptyProduct, handle: handleOf(input.title), ...fields };
  const product =
    before === undefined ? create(state, { type: 'Product', body: created }) : change(state, before, { body: fields });
  const listed = Array.isArray(input.variants) ? input.variants.filter(isRecord) : undefined;
  const variants = listed ?? (before === undefined ? [defaultVariant] : undefined);
  if (variants !== undefined) setVariants(state, { product, list: variants });
  announce(state, product, { what: before === undefined ? 'CREATE' : 'UPDATE' });
  return product;
}

/** `productSet`: creates or updates by id or handle. */
export const productSet: Resolver = (_source, call, execution) => {
  const { state, noteWrite } = execution.context;
  const input = isRecord(call.input) ? call.input : {};
  const identifier = isRecord(call.identifier) ? call.identifier : {};
  const before = found(state, call.identifier) ?? found(state, { id: input.id });
  const bad = refusal(state, before, call);
  if (bad !== undefined) return { product: null, userErrors: [bad] };
  const handle = typeof identifier.handle === 'string' ? { handle: identifier.handle } : {};
  const product = write(execution, before, { ...handle, ...input });
  const kind = before === undefined ? 'create' : 'update';
  noteWrite({ kind, type: 'Product', id: product.id, key: String(product.body.handle) });
  return { product: sourceOf(product), userErrors: [] };
};

/** `productDelete`. */
export const productDelete: Resolver = (_source, { input }, { context }) => {
  const product = found(context.state, input);
  if (product === undefined) return { deletedProductId: null, userErrors: [refused(['id'], 'Product does not exist')] };
  remove(context.state, product);
  context.noteWrite({ kind: 'delete', type: 'Product', id: product.id });
  return { deletedProductId: gidOf(product), userErrors: [] };
};
