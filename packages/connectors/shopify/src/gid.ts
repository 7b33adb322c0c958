const form = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/;

/** The number in a global id, by which Shopify sorts: `gid://shopify/Product/123` is 123; undefined for another text. */
export const numberOf = (gid: unknown): bigint | undefined => {
  const [, , digits] = typeof gid === 'string' ? (form.exec(gid) ?? []) : [];
  return digits === undefined ? undefined : BigInt(digits);
};

/** The type in a global id: `gid://shopify/Product/123` is of `Product`; undefined for another text. */
export const typeOf = (gid: unknown): string | undefined => (typeof gid === 'string' ? form.exec(gid)?.[1] : undefined);
