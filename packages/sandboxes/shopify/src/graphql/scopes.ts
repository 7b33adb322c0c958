import { GraphQLError } from 'graphql';
import type { ShopifyState } from '../types.ts';

/** Scopes of which one opens a type's objects. */
const readScopes: Readonly<Record<string, readonly string[]>> = {
  Product: ['read_products'],
  ProductVariant: ['read_products'],
  Customer: ['read_customers'],
  Order: ['read_orders'],
  InventoryItem: ['read_inventory', 'read_products'],
  InventoryLevel: ['read_inventory'],
  Location: ['read_locations'],
  DeletionEvent: ['read_products'],
};

const writeScopes: Readonly<Record<string, string>> = {
  productSet: 'write_products',
  productDelete: 'write_products',
  customerSet: 'write_customers',
  customerDelete: 'write_customers',
  inventorySetQuantities: 'write_inventory',
};

/** All scopes that the stand-in knows; each write scope brings its read scope, as at the vendor. */
const allScopes = [...new Set([...Object.values(readScopes).flat(), ...Object.values(writeScopes)])];

/** The scopes of a shop's token. */
export const grantedScopes = ({ settings }: ShopifyState): readonly string[] => settings.grantedScopes ?? allScopes;

function holds(state: ShopifyState, scope: string): boolean {
  const granted = grantedScopes(state);
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, 'write_'));
}

function requireOneOf(state: ShopifyState, { scopes, field }: { scopes: readonly string[]; field: string }): void {
  if (scopes.some((scope) => holds(state, scope))) return;
  const requiredAccess = `${scopes.map((scope) => `\`${scope}\` access scope`).join(' or ')}.`;
  throw new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess,
    },
  });
}

/** Refuses a field whose objects the token may not see, or a write that it may not do. */
export function requireScope(
  state: ShopifyState,
  { type, field, isMutation }: { type: string; field: string; isMutation: boolean },
): void {
  const written = isMutation ? writeScopes[field] : undefined;
  if (written !== undefined) requireOneOf(state, { scopes: [written], field });
  const read = readScopes[type.replace(/Connection$/, '')];
  if (read !== undefined && !isMutation) requireOneOf(state, { scopes: read, field });
}
