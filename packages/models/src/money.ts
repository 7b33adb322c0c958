import { z } from 'zod';

/**
 * An amount of money: a safe integer in the minor units of its currency (1234 EUR is 12.34 euro, 1234 JPY is 1234 yen)
 * and the ISO 4217 code in capitals. Never a float.
 */
export const Money = z
  .object({
    amountMinor: z.int().meta({ description: "Amount in the currency's minor units (cents), a safe integer." }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code of three capitals')
      .meta({ description: 'ISO 4217 code in capitals, for instance EUR.' }),
  })
  .meta({ title: 'Money', description: 'An amount in minor units with its currency.' });

/** See the schema of the same name. */
export type Money = z.output<typeof Money>;

/** Money that a system may not know: null is known to be empty. */
export const optionalMoney = (description: string) => Money.nullable().meta({ description });
