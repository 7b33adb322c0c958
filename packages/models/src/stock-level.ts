import { z } from 'zod';
import { optionalText, recordId, referenceId, stamps } from './identity.ts';

/** How much of one product lies at one location. */
export const StockLevel = z
  .object({
    id: recordId,
    key: z.string().min(1).optional().meta({
      description: 'SKU and name of the location as one text, by which systems match stock levels: see stockKey.',
    }),
    sku: optionalText('Stock keeping unit, as text: leading zeros count.'),
    productId: referenceId('Id of the product.'),
    locationId: referenceId('Id of the location; null in a system without locations.'),
    locationName: optionalText('Name of the location.'),
    onHand: z.int().meta({ description: 'Units that lie there; below zero where more was sold than there is.' }),
    allocated: z.int().nullable().meta({ description: 'Units of these that are promised to orders.' }),
    updatedAt: stamps.updatedAt,
  })
  .meta({ title: 'Stock level', description: 'How much of one product lies at one location.' });

/** See the schema of the same name. */
export type StockLevel = z.output<typeof StockLevel>;
