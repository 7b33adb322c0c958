export type { SeedOptions } from './seed/seed-options.ts';
export { defaultSettings, type ShopifySettings, type ShopifySettingsInput } from './settings.ts';
export { type ShopifySandboxOptions, startShopifySandbox } from './start.ts';
export type { ShopifySandbox, ShopifyState } from './state.ts';
