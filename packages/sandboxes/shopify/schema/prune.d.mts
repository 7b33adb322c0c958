/** Prints the chosen part of Shopify's schema as SDL. Throws for a chosen field that does not exist. */
export declare function pruned(introspection: object): string;
