import type { Money } from '@mortise/models';

/** Vendure keeps money as an integer in minor units, as the models do. */
export const money = (amountMinor: number, currency: string): Money => ({ amountMinor, currency });
