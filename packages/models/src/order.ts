import { z } from 'zod';
import { optionalText, recordId, referenceId, stamps } from './identity.ts';
import { Money } from './money.ts';

/** One line of an order. */
export const OrderLine = z
  .object({
    sku: optionalText('Stock keeping unit, as text: leading zeros count.'),
    name: z.string().meta({ description: 'What was ordered, as the customer saw it.' }),
    quantity: z.int().meta({ description: 'Number of units, an integer.' }),
    unitPrice: Money.meta({ description: 'Price of one unit.' }),
  })
  .meta({ title: 'Order line', description: 'One line of an order.' });

/** See the schema of the same name. */
export type OrderLine = z.output<typeof OrderLine>;

/** How far an order has come. */
export const OrderState = z.enum(['draft', 'open', 'paid', 'fulfilled', 'cancelled']).meta({
  title: 'Order state',
  description: 'draft: not placed; open: placed, not paid; paid; fulfilled: delivered; cancelled.',
});

/** See the schema of the same name. */
export type OrderState = z.output<typeof OrderState>;

/** What a customer ordered. */
export const Order = z
  .object({
    id: recordId,
    number: z.string().min(1).meta({ description: 'Number that people use, unique in its system.' }),
    state: OrderState,
    customerId: referenceId('Id of the customer; null for a guest.'),
    total: Money.meta({ description: 'What the customer pays, taxes and shipping included.' }),
    lines: z.array(OrderLine).meta({ description: 'The lines, in the order in which the system keeps them.' }),
    placedAt: z.date().nullable().meta({ description: 'When the customer placed it, UTC; null for a draft.' }),
    ...stamps,
  })
  .meta({ title: 'Order', description: 'What a customer ordered.' });

/** See the schema of the same name. */
export type Order = z.output<typeof Order>;
