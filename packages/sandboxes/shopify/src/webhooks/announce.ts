import { randomUUID } from 'node:crypto';
import { gid, instant } from '../records/gid.ts';
import type { StoredRecord } from '../records/table.ts';
import type { ShopifyState } from '../state.ts';

/** What has happened to a record. */
export interface Happening {
  /** As the subscriptions name it, for instance `PRODUCTS_UPDATE`. */
  readonly topic: string;
  readonly record: StoredRecord;
}

/** The payload, in the form of the REST API: numbers for ids, snake case, and the id alone of what is gone. */
const payload = ({ topic, record }: Happening): string => {
  const { type, id, createdAt, updatedAt, data } = record;
  if (topic.endsWith('_DELETE')) return `{"id":${id}}`;
  if (type === 'InventoryLevel') {
    const { itemId, locationId, onHand, committed } = data;
    const available = Number(onHand) - Number(committed);
    return `{"inventory_item_id":${itemId},"location_id":${locationId},"available":${available},"updated_at":${JSON.stringify(instant(updatedAt))},"admin_graphql_api_id":${JSON.stringify(`${gid(type, id)}?inventory_item_id=${itemId}`)}}`;
  }
  const rest = JSON.stringify({
    admin_graphql_api_id: gid(type, id),
    created_at: instant(createdAt),
    updated_at: instant(updatedAt),
    ...Object.fromEntries(Object.entries(data).map(([name, value]) => [snakeCase(name), value])),
  });
  // Digits as they are: an id beyond 2^53 does not survive JSON.stringify.
  return `{"id":${id},${rest.slice(1)}`;
};

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Queues the deliveries of a happening, in the transaction of the write that made it happen. */
export const announce = ({ state, at }: { state: ShopifyState; at: number }, happening: Happening): void => {
  const { database } = state;
  const subscribed = database
    .statement('SELECT id FROM subscriptions WHERE topic = ? ORDER BY id')
    .all(happening.topic);
  if (subscribed.length === 0) return;
  const [body, event] = [payload(happening), randomUUID()];
  const sql = `INSERT INTO deliveries (subscription, topic, body, event, triggered, due, attempt) VALUES (?, ?, ?, ?, ?, ?, 0)`;
  for (const { id } of subscribed) {
    for (let copy = 0; copy < state.settings.webhooks.copies; copy += 1) {
      database.statement(sql).run(Number(id), happening.topic, body, event, at, at);
    }
  }
};
