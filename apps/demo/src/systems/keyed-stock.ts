import { StockLevel, stockKey } from '@mortise/models';
import { mapping } from '@mortise/runtime/mapping';

const unnamed = 'Main';

/** Stock as one system keeps it, keyed by SKU and location so that another one finds its own level of the same. */
export const keyedStock = mapping(StockLevel, StockLevel, {
  id: { from: 'id', access: 'read' },
  key: {
    compute: ({ sku, locationName }) =>
      sku === null ? undefined : stockKey({ sku, location: locationName ?? unnamed }),
    uses: ['sku', 'locationName'],
  },
  sku: { from: 'sku', access: 'read' },
  productId: { from: 'productId', access: 'read' },
  locationId: { from: 'locationId', access: 'read' },
  locationName: { from: 'locationName', access: 'read' },
  onHand: { from: 'onHand', access: 'read' },
  allocated: { from: 'allocated', access: 'read' },
  updatedAt: { from: 'updatedAt', access: 'read' },
});
