import { decimalToMinor, type Money } from '@mortise/models';
import { z } from 'zod';

/** An amount as Shopify sends it: decimal text and its currency. */
export const MoneyWire = z.object({ amount: z.string(), currencyCode: z.string() });

/** Money in the currency of the shop, beside what the customer saw. */
export const ShopMoney = z.object({ shopMoney: MoneyWire });

/** The amount as the models have it. @throws RangeError for an amount that the currency cannot have. */
export const moneyOf = ({ amount, currencyCode }: z.output<typeof MoneyWire>): Money =>
  decimalToMinor(amount, currencyCode);
