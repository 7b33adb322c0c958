export { type SeedOptions, seedRecords } from './seed/records.ts';
export { defaultSettings, type ShopifySettings, type ShopifySettingsInput } from './settings.ts';
export { destroy, mergeCustomers, type OrderedLine, type PlacedOrder, placeOrder, touch } from './shop/drive.ts';
export { type ShopifySandbox, type ShopifySandboxOptions, startShopifySandbox } from './start.ts';
export type { RecordType, ShopifyClock, ShopifyState, StoredRecord } from './types.ts';
export { webhookSignature } from './webhooks/sender.ts';
