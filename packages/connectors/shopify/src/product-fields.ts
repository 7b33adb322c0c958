import { decimalToMinor, type Money, minorToDecimal } from '@mortise/models';
import { conversionRefused } from '@mortise/runtime';

/**
 * The handle of a SKU: letters and digits in lower case, all else a hyphen; empty where it has none of them. Two SKUs may come to one handle; an upsert
 * looks before it writes and refuses the second.
 */
export const handleOf = (sku: string | null): string =>
  (sku ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

/** The price of a product's only variant; null where there is none. */
export const productPrice = (price: string | null | undefined, currencyCode: string | null): Money | null => {
  if (price === null || price === undefined) return null;
  if (currencyCode === null) throw conversionRefused('the price has no currency beside it');
  return decimalToMinor(price, currencyCode);
};

/** A price as Shopify takes it. */
export const priceText = (price: Money | null): string | null => (price === null ? null : minorToDecimal(price));
