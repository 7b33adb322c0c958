export { type SeedOptions, seedRecords } from './seed/records.ts';
export { defaultSettings, type HubSpotSettings, type HubSpotSettingsInput } from './settings.ts';
export { type HubSpotSandbox, type HubSpotSandboxOptions, startHubSpotSandbox } from './start.ts';
export type { HubSpotState, ObjectType, StoredObject } from './types.ts';
