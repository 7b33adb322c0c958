import type { Reference } from '../types.ts';

/** Lists of the account that no call changes; records refer to their entries. */
export const lists = {
  location: [
    { id: '1', name: 'Main Warehouse' },
    { id: '2', name: 'Lager Süd' },
    { id: '3', name: '東京倉庫' },
    { id: '4', name: 'Склад "Північ"' },
  ],
  currency: [
    { id: '1', name: 'US Dollar' },
    { id: '2', name: 'British Pound' },
    { id: '4', name: 'Euro' },
    { id: '5', name: 'Yen' },
  ],
  subsidiary: [{ id: '1', name: 'Parent Company' }],
} as const satisfies Record<string, readonly Reference[]>;

/** ISO codes of {@link lists}' currencies, as SuiteQL's currency table tells them in `symbol`. */
export const currencySymbols: Readonly<Record<string, string>> = { 1: 'USD', 2: 'GBP', 4: 'EUR', 5: 'JPY' };

/** Name of a list of the account. */
export type ListName = keyof typeof lists;

/** One value of an enumeration: as SOAP writes it, as REST and SuiteQL do, and as people read it. */
export type EnumValue = { soap: string; id: string; label: string };

/** The states of a sales order. */
export const orderStates: readonly EnumValue[] = [
  { soap: '_pendingApproval', id: 'A', label: 'Pending Approval' },
  { soap: '_pendingFulfillment', id: 'B', label: 'Pending Fulfillment' },
  { soap: '_cancelled', id: 'C', label: 'Cancelled' },
  { soap: '_partiallyFulfilled', id: 'D', label: 'Partially Fulfilled' },
  { soap: '_pendingBillingPartFulfilled', id: 'E', label: 'Pending Billing/Partially Fulfilled' },
  { soap: '_pendingBilling', id: 'F', label: 'Pending Billing' },
  { soap: '_fullyBilled', id: 'G', label: 'Billed' },
  { soap: '_closed', id: 'H', label: 'Closed' },
];

/** Some of the countries; the vendor has them all. */
export const countries: readonly EnumValue[] = [
  { soap: '_brazil', id: 'BR', label: 'Brazil' },
  { soap: '_france', id: 'FR', label: 'France' },
  { soap: '_germany', id: 'DE', label: 'Germany' },
  { soap: '_india', id: 'IN', label: 'India' },
  { soap: '_japan', id: 'JP', label: 'Japan' },
  { soap: '_ukraine', id: 'UA', label: 'Ukraine' },
  { soap: '_unitedKingdom', id: 'GB', label: 'United Kingdom' },
  { soap: '_unitedStates', id: 'US', label: 'United States' },
];
