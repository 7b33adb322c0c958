import { z } from 'zod';
import { optionalText, recordId, stamps } from './identity.ts';
import { optionalMoney } from './money.ts';

/** A thing that can be sold: one variant, one stock keeping unit. */
export const Product = z
  .object({
    id: recordId,
    sku: optionalText('Stock keeping unit, as text: leading zeros count.'),
    name: optionalText('Name of the product.'),
    description: optionalText('Description, as text or HTML as the system keeps it.'),
    price: optionalMoney('Price of one unit.'),
    active: z.boolean().nullable().meta({ description: 'Whether it can be sold now.' }),
    ...stamps,
  })
  .meta({ title: 'Product', description: 'A thing that can be sold: one stock keeping unit.' });

/** See the schema of the same name. */
export type Product = z.output<typeof Product>;
