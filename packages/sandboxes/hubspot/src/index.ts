export { type SeedAssociation, seedAssociations } from './seed/associations.ts';
export { largeSeed } from './seed/large.ts';
export { type SeedOptions, seedRecords } from './seed/records.ts';
export { defaultSettings, type HubSpotSettings, type HubSpotSettingsInput } from './settings.ts';
export { type HubSpotSandbox, type HubSpotSandboxOptions, startHubSpotSandbox } from './start.ts';
export type { HubSpotState, ObjectType, SchedulingClock, StoredObject } from './types.ts';
export type { WebhookDispatcher, WebhookRequest } from './webhooks/dispatch.ts';
