import { singularOf } from '../object-types.ts';
import { isObjectId } from '../objects/table.ts';
import type { Context, HubSpotState, ObjectType, StoredObject } from '../types.ts';

/** Events that wait for their delivery; `due` is Unix milliseconds. */
export const webhookSchema = `
CREATE TABLE IF NOT EXISTS webhook_events (sequence INTEGER PRIMARY KEY, due INTEGER NOT NULL, attempt INTEGER NOT NULL,
  event TEXT NOT NULL);`;

/** Fields of an event that depend on what happened. */
export type EventFields = Readonly<Record<string, unknown>> & { subscriptionType: string };

const isSubscribed = ({ settings }: HubSpotState, type: string): boolean => {
  const { subscriptions } = settings.webhooks;
  return subscriptions.length === 0 || subscriptions.includes(type);
};

/** The vendor's ids are numbers; one above 2^53 leaves with all its digits, as JSON from the vendor does. */
const wireNumber = (id: string): unknown => (Number.isSafeInteger(Number(id)) ? Number(id) : { $digits: id });

/** JSON of an event: ids above 2^53 are written as plain digits. */
const eventText = (event: unknown): string => JSON.stringify(event).replace(/\{"\$digits":"(\d+)"\}/g, '$1');

/** Keeps an event for its delivery, in the transaction of the request. Nothing is kept while there is no target. */
function noteEvent(context: Context, fields: EventFields): void {
  const { state, database } = context;
  const { targetUrl, appId, uniqueEventIds } = state.settings.webhooks;
  if (targetUrl === '' || !isSubscribed(state, fields.subscriptionType)) return;
  const now = state.clock.now();
  const last = database.statement('SELECT coalesce(max(sequence), 0) AS last FROM webhook_events').get()?.last;
  const event = {
    // Not unique at the vendor: so not here either, unless the setting says so.
    eventId: uniqueEventIds ? Number(last) + 1 : 1,
    subscriptionId: 12345,
    portalId: state.settings.portalId,
    appId,
    occurredAt: now,
    changeSource: 'CRM_UI',
    ...fields,
  };
  const insert = 'INSERT INTO webhook_events (due, attempt, event) VALUES (?, 0, ?)';
  database.statement(insert).run(now + state.settings.webhooks.delayMs, eventText(event));
  context.afterAnswer(() => state.webhooks.pump());
}

/** The events of a write: creation, deletion, or one for each property whose value changed. */
export function noteObject(
  context: Context,
  next: StoredObject,
  { before }: { before: StoredObject | undefined },
): void {
  const word = singularOf(next.type);
  const objectId = wireNumber(next.id);
  if (before === undefined) {
    noteEvent(context, { subscriptionType: `${word}.creation`, objectId, changeFlag: 'CREATED' });
    return;
  }
  if (next.archivedAt !== null) {
    noteEvent(context, { subscriptionType: `${word}.deletion`, objectId, changeFlag: 'DELETED' });
    return;
  }
  for (const name of new Set([...Object.keys(before.properties), ...Object.keys(next.properties)])) {
    if (before.properties[name] === next.properties[name]) continue;
    const changed = { propertyName: name, propertyValue: next.properties[name] ?? '' };
    noteEvent(context, { subscriptionType: `${word}.propertyChange`, objectId, ...changed });
  }
}

/** The events of an association that came or went, one for each side. */
export function noteAssociation(
  context: Context,
  [from, to]: readonly [{ type: ObjectType; id: string }, { type: ObjectType; id: string }],
  { removed }: { removed: boolean },
): void {
  if (![from.id, to.id].every(isObjectId)) return;
  for (const [near, far] of [[from, to] as const, [to, from] as const]) {
    noteEvent(context, {
      subscriptionType: `${singularOf(near.type)}.associationChange`,
      associationType: `${singularOf(near.type)}_TO_${singularOf(far.type)}`.toUpperCase(),
      fromObjectId: wireNumber(near.id),
      toObjectId: wireNumber(far.id),
      associationRemoved: removed,
      isPrimaryAssociation: false,
    });
  }
}

/** The event of a merge. */
export function noteMerge(context: Context, survivor: StoredObject, { losers }: { losers: readonly string[] }): void {
  noteEvent(context, {
    subscriptionType: `${singularOf(survivor.type)}.merge`,
    objectId: wireNumber(survivor.id),
    primaryObjectId: wireNumber(survivor.id),
    mergedObjectIds: losers.map(wireNumber),
    newObjectId: wireNumber(survivor.id),
    changeFlag: 'MERGED',
  });
}
