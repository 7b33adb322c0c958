/** Shopify's global id of a record. */
export const gid = (type: string, id: string): string => `gid://shopify/${type}/${id}`;

/** The digits of a global id of this type; undefined where it is none. */
export const idOf = (type: string, given: unknown): string | undefined => {
  const prefix = `gid://shopify/${type}/`;
  if (typeof given !== 'string' || !given.startsWith(prefix)) return undefined;
  return /^\d{1,18}/.exec(given.slice(prefix.length))?.[0];
};

/** An instant as Shopify writes it: whole seconds, UTC. */
export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
