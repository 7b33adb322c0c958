import { type ConnectorError, connectorError, type ItemOutcome, readField } from '@mortise/runtime';
import { documents } from './documents.ts';
import { foldProduct, type ProductRow, productRow } from './product-fold.ts';
import { userErrorOf } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** A product to write. */
export interface WrittenProduct {
  readonly handle: string;
  readonly title?: string;
  readonly descriptionHtml?: string;
  readonly status?: string | null;
  readonly currencyCode?: string | null;
  readonly variant?: { readonly sku?: string | null; readonly price?: string | null } | null;
}

interface Before {
  readonly product: ProductRow | undefined;
  readonly currency: unknown;
}

/** One product by its handle: looked at first, because `productSet` deletes every variant that it is not told of. */
export const setProduct = async (
  call: ShopifyCall,
  [written]: readonly WrittenProduct[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  if (written === undefined) return [];
  if (written.handle === '')
    return [{ ok: false, error: invalid('handle', 'is empty: the SKU has no letter or digit') }];
  const identifier = { handle: written.handle };
  const before = await read(call, identifier);
  const refused = refusal(written, before);
  if (refused !== undefined) return [{ ok: false, error: refused }];
  const { data } = await call.transports.admin.send({
    document: documents.setProduct,
    variables: { identifier, input: inputOf(written, before) },
    effect: 'external-id',
  });
  const payload = readField(data, 'productSet');
  const error = userErrorOf(payload);
  if (error !== undefined) return [{ ok: false, error }];
  return [{ ok: true, record: foldProduct(readField(payload, 'product')), created: before.product === undefined }];
};

const read = async (call: ShopifyCall, identifier: { readonly handle: string }): Promise<Before> => {
  const { data } = await call.transports.admin.send({ document: documents.productBefore, variables: { identifier } });
  const product = readField(data, 'productByIdentifier');
  return {
    product: product === null ? undefined : productRow(product),
    currency: readField(data, 'shop.currencyCode'),
  };
};

const invalid = (path: string, reason: string): ConnectorError =>
  connectorError('invalid-record', 'the product cannot be written', { issues: [{ path, reason }] });

/** Why the product must not be written, if so. */
const refusal = (written: WrittenProduct, { product, currency }: Before): ConnectorError | undefined => {
  const { currencyCode, variant } = written;
  if (typeof currencyCode === 'string' && typeof variant?.price === 'string' && currencyCode !== currency) {
    return invalid('currencyCode', 'is not the currency of the shop');
  }
  if (product === undefined || variant === undefined || variant === null) return undefined;
  if (product.variantsCount?.count !== 1) {
    return invalid('variant', 'belongs to a product of several variants, and the others would be deleted');
  }
  const sku = product.variants.nodes[0]?.sku;
  // An empty SKU is nobody's: the product was made by hand, under the handle that is ours.
  if (sku && typeof variant.sku === 'string' && variant.sku !== sku) {
    return connectorError('conflict', 'the handle of this SKU belongs to a product of another SKU');
  }
  return undefined;
};

const sellable = new Set(['ACTIVE', 'UNLISTED']);

/** Nothing where the product is that already, so that writing `active` keeps an archived or unlisted one as it is. */
const statusOf = ({ status }: WrittenProduct, { product }: Before): string | undefined => {
  if (status === null || status === undefined) return undefined;
  return product !== undefined && sellable.has(product.status) === sellable.has(status) ? undefined : status;
};

const defaultOption = [{ name: 'Title', value: 'Default Title' }];

const inputOf = (written: WrittenProduct, before: Before) => {
  const { handle, title, descriptionHtml, variant } = written;
  const common = { handle, title, descriptionHtml, status: statusOf(written, before) };
  if (variant === undefined || variant === null) return common;
  const known = before.product?.variants.nodes[0];
  const options = known?.selectedOptions ?? defaultOption;
  return {
    ...common,
    productOptions: options.map(({ name, value }) => ({ name, values: [{ name: value }] })),
    variants: [
      {
        id: known?.id,
        optionValues: options.map(({ name, value }) => ({ optionName: name, name: value })),
        sku: variant.sku ?? undefined,
        price: variant.price ?? undefined,
      },
    ],
  };
};
