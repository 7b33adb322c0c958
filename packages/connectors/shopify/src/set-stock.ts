import { connectorError, readField } from '@mortise/runtime';
import { present } from './answered.ts';
import { documents } from './documents.ts';
import { foldLevel } from './level-fold.ts';
import { userErrorOf } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** A change of a stock level, as the mapping encodes it. */
interface StockChange {
  readonly quantities?: { readonly on_hand?: number | undefined } | undefined;
}

/**
 * Sets the units on hand, over the quantity that was there and no other: a sale in between makes the write fail with
 * `conflict` instead of being undone by it. The key names the quantities too, because Shopify refuses a key that comes
 * again with others: a write run again after somebody's change is another one.
 * @see https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/inventorySetQuantities
 */
export const setStock = async (
  call: ShopifyCall & { readonly idempotencyKey: string },
  { id, change }: { readonly id: string; readonly change: StockChange },
): Promise<unknown> => {
  const quantity = change.quantities?.on_hand;
  if (quantity === undefined) throw connectorError('invalid-request', 'a stock level is written by its units on hand');
  const before = await read(call, id);
  const was = readField(before, 'quantities.on_hand');
  const from = call.settings.compareStock && typeof was === 'number' ? was : null;
  // The write may have been done by a run before this one, under a key that names another quantity.
  if (was === quantity) return before;
  const ids = { inventoryItemId: readField(before, 'item.id'), locationId: readField(before, 'location.id') };
  const { data } = await call.transports.admin.send({
    document: documents.setStock,
    variables: {
      input: {
        name: 'on_hand',
        reason: 'correction',
        quantities: [{ ...ids, quantity, changeFromQuantity: from }],
      },
      key: `${call.idempotencyKey}-${from ?? 'any'}-${quantity}`,
    },
    effect: 'keyed',
  });
  const error = userErrorOf(readField(data, 'inventorySetQuantities'));
  if (error !== undefined) throw error;
  return read(call, id);
};

const read = async (call: ShopifyCall, id: string): Promise<unknown> => {
  const { data } = await call.transports.admin.send({ document: documents.stockLevel, variables: { id } });
  return foldLevel(present(readField(data, 'inventoryLevel')));
};
