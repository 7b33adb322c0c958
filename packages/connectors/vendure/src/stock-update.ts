import { connectorError, readField } from '@mortise/runtime';
import { levelFields, levelsOf, type StockRecord } from './stock-record.ts';
import type { VendureCall } from './vendor.ts';

const document = `mutation UpdateStock($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id updatedAt sku ${levelFields} }
}`;

/** The stock on hand of a variant at some locations, as the Admin API takes it. */
export interface VariantStock {
  readonly id: string;
  readonly stockLevels: readonly {
    readonly stockLocationId: string;
    readonly stockOnHand: number | undefined;
  }[];
}

/** Sets the stock on hand, and gives the levels of these variants as they are then. */
export const sendStock = async (
  { transports }: VendureCall,
  input: readonly VariantStock[],
): Promise<readonly StockRecord[]> => {
  const { data } = await transports.admin.send({ document, variables: { input }, effect: 'idempotent' });
  const rows = readField(data, 'updateProductVariants');
  if (!Array.isArray(rows)) throw connectorError('unexpected-content', 'the shop did not say what stock it set');
  return rows.flatMap(levelsOf);
};

/** Sets the stock on hand of the level of an id. */
export const updateStock = async (
  call: VendureCall,
  { id, change }: { readonly id: string; readonly change: { readonly stockOnHand?: number | undefined } },
): Promise<StockRecord> => {
  const [variantId, stockLocationId, ...rest] = id.split('/');
  if (variantId === undefined || stockLocationId === undefined || rest.length > 0) {
    throw connectorError('invalid-request', "a stock level's id is variant/location");
  }
  const { stockLocationId: only } = call.settings;
  if (only !== undefined && only !== stockLocationId) {
    throw connectorError('invalid-request', "the level is at another location than that of 'stockLocationId'");
  }
  const levels = await sendStock(call, [
    { id: variantId, stockLevels: [{ stockLocationId, stockOnHand: change.stockOnHand }] },
  ]);
  const level = levels.find((candidate) => candidate.id === id);
  if (level === undefined) throw connectorError('not-found', 'the shop has no such stock level');
  return level;
};
