import type { SandboxDatabase } from '@mortise/testing';
import { associationSchema, defaultSpec, putAssociation } from './associations/table.ts';
import { createLimits } from './limits/limits.ts';
import { tokenSchema } from './oauth/tokens.ts';
import { mergeObjects } from './objects/merge.ts';
import { objectSchema, putObject, putUnique } from './objects/table.ts';
import { openRegistry } from './properties/registry.ts';
import { openIndex } from './search/lag.ts';
import { type SeedAssociation, seedAssociations } from './seed/associations.ts';
import { type SeedOptions, seedRecords } from './seed/records.ts';
import type { HubSpotSettings } from './settings.ts';
import type { HubSpotState, ObjectType, SchedulingClock } from './types.ts';
import { createDispatcher, type WebhookDispatcher } from './webhooks/dispatch.ts';
import { webhookSchema } from './webhooks/events.ts';

const tables = [
  'objects',
  'unique_values',
  'search_documents',
  'search_queue',
  'custom_properties',
  'associations',
  'oauth_tokens',
  'merged_objects',
  'webhook_events',
];

const firstId = 1001n;
/** Fresh ids stay below the ids above 2^53 that a seed brings. */
const freshBelow = 9_007_199_254_740_991n;

function createIds(database: SandboxDatabase) {
  let last = new Map<ObjectType, bigint>();
  const load = (type: ObjectType): bigint => {
    const sql = 'SELECT CAST(max(id) AS TEXT) AS id FROM objects WHERE type = ? AND id < ?';
    const highest = database.statement(sql).get(type, freshBelow)?.id;
    return highest === null || highest === undefined ? firstId - 1n : BigInt(String(highest));
  };
  return {
    next: (type: ObjectType): string => {
      const id = (last.get(type) ?? load(type)) + 1n;
      last.set(type, id);
      return String(id);
    },
    forget: (): void => {
      last = new Map();
    },
  };
}

function seedState(state: HubSpotState, seed: SeedOptions): void {
  const objects = seedRecords(seed);
  for (const object of objects) {
    putObject(state, object);
    if (object.archivedAt !== null) continue;
    for (const name of state.properties.uniqueNames(object.type)) {
      const value = object.properties[name];
      if (value !== undefined) putUnique(state.database, object, { name, before: undefined, value });
    }
  }
  if (seed.associated === true) associateSeed(state, seedAssociations(objects, seed.number));
  const contacts = objects.filter(({ type, archivedAt }) => type === 'contacts' && archivedAt === null);
  for (let pair = 0; pair < (seed.merges ?? 0); pair += 1) {
    const [primary, loser] = [contacts[pair * 2], contacts[pair * 2 + 1]];
    if (primary !== undefined && loser !== undefined) mergeObjects(state, { primary, loser });
  }
}

function associateSeed({ database }: HubSpotState, associations: readonly SeedAssociation[]): void {
  for (const { from, to } of associations) {
    const [spec, back] = [defaultSpec(from.type, to.type), defaultSpec(to.type, from.type)];
    if (spec === undefined || back === undefined) continue;
    putAssociation(database, from, { to, spec });
    putAssociation(database, to, { to: from, spec: back });
  }
}

/** Until the state is complete. */
const idle: WebhookDispatcher = {
  pump: () => {},
  requests: () => [],
  settled: () => Promise.resolve(),
  stop: () => {},
};

/** What the state is built from. */
export type StateOptions = { settings: HubSpotSettings; clock: SchedulingClock; seed: SeedOptions | undefined };

/** Opens the state over a database; seeds it when it holds no object. Answers the state and what empties it again. */
export function openState(database: SandboxDatabase, { settings, clock, seed }: StateOptions) {
  database.raw.exec(objectSchema + associationSchema + tokenSchema + webhookSchema);
  const ids = createIds(database);
  const properties = openRegistry(database);
  const state: HubSpotState = {
    database,
    settings,
    clock,
    properties,
    limits: createLimits(settings),
    index: { ready: false },
    webhooks: idle,
    nextId: ids.next,
  };
  state.webhooks = createDispatcher(state, clock);
  const seedWhenEmpty = (): void => {
    const some = database.statement('SELECT 1 FROM objects LIMIT 1').get();
    // A seeded record is old: a lagging index shows it at once.
    if (some === undefined && seed !== undefined)
      seedState({ ...state, settings: { ...settings, searchLagMs: 0 }, index: { ready: false } }, seed);
    openIndex(state);
  };
  const reset = (): void => {
    for (const table of tables) database.raw.exec(`DELETE FROM ${table}`);
    ids.forget();
    properties.reload();
    state.limits.clear();
    seedWhenEmpty();
  };
  seedWhenEmpty();
  return { state, reset };
}
