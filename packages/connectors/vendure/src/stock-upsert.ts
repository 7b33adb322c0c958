import { type StockPlace, stockPlace } from '@mortise/models';
import { connectorError, type ItemOutcome } from '@mortise/runtime';
import { z } from 'zod';
import type { StockRecord } from './stock-record.ts';
import { sendStock, type VariantStock } from './stock-update.ts';
import type { VendureCall } from './vendor.ts';

/** Levels in one request: the shop works through a mutation in one transaction, and holds its locks so long. */
export const largestStockBatch = 100;

/** A level as it is written: whose, and how much lies there. */
interface WrittenLevel {
  readonly key?: string | undefined;
  readonly stockOnHand?: number | undefined;
}

const placesDocument = `query StockPlaces($skus: [String!]!) {
  productVariants(options: { take: 1000, sort: { id: ASC }, filter: { sku: { in: $skus } } }) { items { id sku } }
  stockLocations(options: { take: 1000, sort: { id: ASC } }) { items { id name } }
}`;

const Places = z.object({
  productVariants: z.object({ items: z.array(z.object({ id: z.string(), sku: z.string() })) }),
  stockLocations: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
});

const refused = (code: 'invalid-request' | 'not-found', message: string): ItemOutcome<never> => ({
  ok: false,
  error: connectorError(code, message),
});

/** A level with the shop's own ids, or why it has none. */
type Placed =
  | { readonly id: string; readonly variantId: string; readonly stockLocationId: string; readonly stockOnHand: number }
  | { readonly refusal: ItemOutcome<never> };

/**
 * Sets the stock on hand of levels that are named by SKU and location. Vendure knows both only by ids of its own. With the
 * setting `stockLocationId` only that location is written to.
 */
export const upsertStock = async (
  call: VendureCall,
  records: readonly WrittenLevel[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const named = records.map(({ key, stockOnHand }) => ({ place: stockPlace(key ?? ''), stockOnHand }));
  const skus = [...new Set(named.flatMap(({ place }) => place?.sku ?? []))];
  const { data } = await call.transports.admin.send({ document: placesDocument, variables: { skus } });
  const placed = named.map(placing(data, call.settings));
  const input = inputOf(placed);
  const levels = input.length === 0 ? [] : await sendStock(call, input);
  return placed.map(outcomeFrom(new Map(levels.map((level) => [level.id, level]))));
};

const placing = (data: unknown, { stockLocationId: only }: VendureCall['settings']) => {
  const parsed = Places.safeParse(data);
  if (!parsed.success) throw connectorError('unexpected-content', 'the shop did not list variants and stock locations');
  const { productVariants, stockLocations } = parsed.data;
  // SKUs and names are not unique at Vendure: of several the oldest one counts, each time the same.
  const oldest = <Row>(rows: readonly Row[], name: (row: Row) => string) =>
    new Map(rows.toReversed().map((row) => [name(row), row]));
  const variants = oldest(productVariants.items, ({ sku }) => sku);
  const open = stockLocations.items.filter(({ id }) => only === undefined || id === only);
  const locations = oldest(open, ({ name }) => name);
  const seen = new Set<string>();
  return ({ place, stockOnHand }: { place: StockPlace | undefined; stockOnHand: number | undefined }): Placed => {
    const variantId = variants.get(place?.sku ?? '')?.id;
    const stockLocationId = locations.get(place?.location ?? '')?.id;
    if (place === undefined || stockOnHand === undefined) return { refusal: refused('invalid-request', incomplete) };
    if (variantId === undefined) return { refusal: refused('not-found', 'the shop has no variant of this SKU') };
    if (stockLocationId === undefined)
      return { refusal: refused('not-found', only === undefined ? nowhere : elsewhere) };
    const id = `${variantId}/${stockLocationId}`;
    if (seen.has(id)) return { refusal: refused('invalid-request', 'the level is named twice in one call') };
    seen.add(id);
    return { id, variantId, stockLocationId, stockOnHand };
  };
};

const incomplete = "stock is written with its key, 'SKU @ location', and the number on hand";
const nowhere = 'the shop has no location of this name';
const elsewhere = "the location of 'stockLocationId' has another name";

const inputOf = (placed: readonly Placed[]): readonly VariantStock[] => {
  const levels = placed.filter((each) => 'id' in each);
  const byVariant = Map.groupBy(levels, ({ variantId }) => variantId);
  return [...byVariant].map(([id, own]) => ({
    id,
    stockLevels: own.map(({ stockLocationId, stockOnHand }) => ({ stockLocationId, stockOnHand })),
  }));
};

const outcomeFrom =
  (written: ReadonlyMap<string, StockRecord>) =>
  (placed: Placed): ItemOutcome<unknown> => {
    if ('refusal' in placed) return placed.refusal;
    const record = written.get(placed.id);
    return record === undefined
      ? refused('not-found', 'the shop did not keep a stock level there')
      : { ok: true, record, created: false };
  };
