import { connectorError } from '@mortise/runtime';

const form = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/;

/** The number at the end of a global id, by which Shopify sorts: `gid://shopify/Product/123` is 123. */
export const numberOf = (gid: unknown): bigint => {
  const [, , digits] = typeof gid === 'string' ? (form.exec(gid) ?? []) : [];
  if (digits === undefined) throw connectorError('unexpected-content', 'a record of Shopify has no global id');
  return BigInt(digits);
};

/** The type in a global id: `gid://shopify/Product/123` is of `Product`; undefined for another text. */
export const typeOf = (gid: unknown): string | undefined => (typeof gid === 'string' ? form.exec(gid)?.[1] : undefined);
