import { connectorError, env, type Secret, sealSecret } from '@mortise/runtime';
import { type Flags, type InventoryName, isOnThisMachine } from './flags.ts';

/** Where a Vendure shop is and who logs in. */
export interface VendureAccess {
  /** Admin API of a running shop; undefined for the demo's own. */
  readonly url: string | undefined;
  readonly username: string;
  readonly password: Secret;
  /** The password is the demo's own and public. */
  readonly isDefaultLogin: boolean;
}

/** Where the CRM is. */
export interface CrmAccess {
  /** Base URL; undefined for the demo's own sandbox, or for HubSpot itself when `live`. */
  readonly url: string | undefined;
  readonly token: Secret;
  readonly live: boolean;
}

/** Which shop is read: a Vendure, or the demo's own Shopify sandbox. */
export type ShopChoice = { readonly kind: 'vendure'; readonly access: VendureAccess } | { readonly kind: 'shopify' };

/** All that the demo takes from flags and environment. */
export interface Settings {
  readonly shop: ShopChoice;
  readonly inventory: InventoryName;
  readonly crm: CrmAccess;
}

/** User name and password of the demo's own shop, which listens on this machine only. */
export const ownLogin = 'superadmin';

/** Token of the sandbox, which listens on this machine only. */
export const sandboxToken = 'sandbox-token';

/**
 * Takes the environment variables that the flags call for.
 * @throws ConnectorError `invalid-settings`, naming the variable that is empty or missing.
 */
export const readSettings = (flags: Flags): Settings => {
  if (flags.live && !flags.yes && !process.stdin.isTTY) {
    throw connectorError('invalid-settings', '--live asks before it writes, and here nobody can answer: add --yes');
  }
  const { shop, inventory, vendureUrl } = flags;
  return {
    shop: shop === 'vendure' ? { kind: shop, access: vendureAccess(vendureUrl) } : { kind: shop },
    inventory,
    crm: crmAccess(flags),
  };
};

const vendureAccess = (url: string | undefined): VendureAccess => {
  const named = filled('VENDURE_USERNAME');
  // The default login is only ever tried on shops of this machine.
  const needed = url !== undefined && !isOnThisMachine(url);
  const isDefaultLogin = process.env.VENDURE_PASSWORD === undefined && !needed;
  const password = isDefaultLogin ? sealSecret(ownLogin) : env('VENDURE_PASSWORD');
  return { url, username: named ?? ownLogin, password, isDefaultLogin };
};

const crmAccess = ({ live, hubspotUrl }: Flags): CrmAccess => {
  // A token of a real account goes out with --live alone.
  const token = live ? env('HUBSPOT_TOKEN') : sealSecret(sandboxToken);
  return { url: hubspotUrl, token, live };
};

const filled = (name: string): string | undefined => {
  const value = process.env[name];
  if (value?.trim() !== '') return value;
  throw connectorError('invalid-settings', `environment variable ${name} is empty: fill it, or unset it`);
};
