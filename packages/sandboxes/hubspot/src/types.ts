import type { Route, SandboxClock, SandboxContext, SandboxDatabase } from '@mortise/testing';
import type { Limits } from './limits/limits.ts';
import type { PropertyRegistry } from './properties/registry.ts';
import type { SearchIndex } from './search/lag.ts';
import type { HubSpotSettings } from './settings.ts';
import type { WebhookDispatcher } from './webhooks/dispatch.ts';

/** The object types that this stand-in has. */
export type ObjectType = 'contacts' | 'companies' | 'deals' | 'products' | 'line_items';

/** A stored CRM object. */
export type StoredObject = {
  type: ObjectType;
  /** Digits; may be above 2^53. */
  id: string;
  /** Only properties that have a value; createdate, stamp and id are columns. */
  properties: Record<string, string>;
  /** Unix milliseconds. */
  createdAt: number;
  /** Unix milliseconds. */
  updatedAt: number;
  /** Unix milliseconds, null while live. */
  archivedAt: number | null;
};

/** The stand-in's clock: webhooks and their retries wait on it where it can schedule, else on the machine's. */
export type SchedulingClock = SandboxClock & { schedule?: (callback: () => void, milliseconds: number) => () => void };

/** The state of one stand-in. */
export type HubSpotState = {
  database: SandboxDatabase;
  settings: HubSpotSettings;
  clock: SandboxClock;
  properties: PropertyRegistry;
  limits: Limits;
  index: SearchIndex;
  webhooks: WebhookDispatcher;
  /** Takes the next id of a type. */
  nextId(type: ObjectType): string;
};

/** Context of a handler. */
export type Context = SandboxContext<HubSpotState>;

/** A line of the route table. */
export type HubSpotRoute = Route<HubSpotState>;
