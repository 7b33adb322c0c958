import { isSource } from '../records/wire.ts';
import type { Resolver } from './execution.ts';
import { grantedScopes } from './scopes.ts';

const opened = '2026-01-01T00:00:00Z';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How the shop, the app and the small objects in a customer come to their values. */
export const shopResolvers: Readonly<Record<string, Resolver>> = {
  'QueryRoot.shop': (_source, _given, { context: { state } }) => ({
    id: 'gid://shopify/Shop/1',
    name: 'Sandbox',
    email: 'shop@example.test',
    myshopifyDomain: state.settings.shopDomain,
    currencyCode: state.settings.currencyCode,
    createdAt: opened,
    updatedAt: opened,
  }),
  'QueryRoot.currentAppInstallation': (_source, _given, { context: { state } }) => ({
    id: 'gid://shopify/AppInstallation/1',
    accessScopes: grantedScopes(state).map((handle) => ({ handle, description: handle })),
  }),
  'Customer.displayName': (source) => {
    if (!isSource(source)) return null;
    const { firstName, lastName, email } = source.stored.body;
    return [firstName, lastName].map(text).join(' ').trim() || text(email);
  },
  'Customer.defaultEmailAddress': (source) => {
    const email = isSource(source) ? source.stored.body.email : null;
    return typeof email === 'string' ? { emailAddress: email } : null;
  },
  'Customer.defaultPhoneNumber': (source) => {
    const phone = isSource(source) ? source.stored.body.phone : null;
    return typeof phone === 'string' ? { phoneNumber: phone } : null;
  },
};
