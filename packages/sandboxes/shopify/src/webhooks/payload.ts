import { gidOf } from '../records/gid.ts';
import { findRecord, recordsOf } from '../records/table.ts';
import { instant } from '../records/wire.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Ids of REST bodies are numbers; written by hand, because they may be above 2^53. */
const numberMark = (id: string | null): string => `@number:${id}`;

function fieldsOf({ body }: StoredRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [snake(name), value]));
}

function recordBody(record: StoredRecord): Record<string, unknown> {
  return {
    ...fieldsOf(record),
    id: numberMark(record.id),
    admin_graphql_api_id: gidOf(record),
    created_at: instant(record.createdAt),
    updated_at: instant(record.updatedAt),
  };
}

function children(state: ShopifyState, record: StoredRecord): Record<string, unknown> {
  const below = { by: 'parent', id: record.id } as const;
  if (record.type === 'Product') {
    return { variants: recordsOf(state.database, 'ProductVariant', below).map(recordBody) };
  }
  if (record.type !== 'Order') return {};
  const customer = findRecord(state.database, {
    type: 'Customer',
    id: typeof record.body.customerId === 'string' ? record.body.customerId : null,
  });
  return {
    line_items: recordsOf(state.database, 'LineItem', below).map(recordBody),
    customer: customer === undefined ? null : recordBody(customer),
  };
}

/** The body of `customers/merge`: a merge names both customers, and has no id of its own. */
export const mergeBody = (kept: StoredRecord, lost: StoredRecord): string =>
  JSON.stringify({
    admin_graphql_api_customer_kept_id: gidOf(kept),
    admin_graphql_api_customer_deleted_id: gidOf(lost),
    admin_graphql_api_job_id: null,
    status: 'completed',
    errors: [],
  });

/** The body of a webhook: shaped as in the REST API, which the GraphQL API's webhooks keep. */
export function webhookBody(
  state: ShopifyState,
  record: StoredRecord,
  { isDeletion }: { isDeletion: boolean },
): string {
  const shape = (): Record<string, unknown> => {
    if (isDeletion) return { id: numberMark(record.id) };
    if (record.type !== 'InventoryLevel') return { ...recordBody(record), ...children(state, record) };
    const { onHand, committed } = record.body;
    return {
      inventory_item_id: numberMark(record.parent),
      location_id: numberMark(record.other),
      available: Number(onHand) - Number(committed),
      updated_at: instant(record.updatedAt),
      admin_graphql_api_id: gidOf(record),
    };
  };
  return JSON.stringify(shape()).replaceAll(/"@number:(\d+)"/g, '$1');
}
