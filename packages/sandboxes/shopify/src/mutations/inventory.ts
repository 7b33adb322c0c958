import { createHash } from 'node:crypto';
import { isRecord, parseJson } from '@mortise/testing';
import { GraphQLError, type GraphQLResolveInfo, getDirectiveValues } from 'graphql';
import type { Resolver } from '../graphql/execution.ts';
import { idOf } from '../records/gid.ts';
import { findRecord, recordsOf } from '../records/table.ts';
import { instant } from '../records/wire.ts';
import { announce, change } from '../shop/changes.ts';
import type { Context, ShopifyState, StoredRecord } from '../types.ts';
import type { Refusal } from './refusal.ts';

/** Answers by idempotency key, for as long as the vendor keeps them. */
export const idempotencySchema =
  'CREATE TABLE IF NOT EXISTS idempotency (key TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL);';

function keyOf(info: GraphQLResolveInfo): string | undefined {
  const directive = info.schema.getDirective('idempotent');
  const [node] = info.fieldNodes;
  if (!directive || node === undefined) return undefined;
  const key = getDirectiveValues(directive, node, info.variableValues)?.key;
  return typeof key === 'string' ? key : undefined;
}

const missing = ({ settings }: ShopifyState, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: settings.missingKeyCode } });

type Quantity = { level: StoredRecord; onHand: number };

function levelOf(
  { database }: ShopifyState,
  { row, field }: { row: Record<string, unknown>; field: string[] },
): StoredRecord | Refusal {
  const item = findRecord(database, { type: 'InventoryItem', id: idOf(row.inventoryItemId, 'InventoryItem') });
  if (item === undefined) {
    return {
      field: [...field, 'inventoryItemId'],
      code: 'INVALID_INVENTORY_ITEM',
      message: 'The specified inventory item could not be found.',
    };
  }
  const location = idOf(row.locationId, 'Location');
  const level = recordsOf(database, 'InventoryLevel', { by: 'parent', id: item.id }).find(
    ({ other }) => other === location,
  );
  return (
    level ?? {
      field: [...field, 'locationId'],
      code: 'INVALID_LOCATION',
      message: 'The specified location could not be found.',
    }
  );
}

function checked(
  state: ShopifyState,
  { input, index }: { input: Record<string, unknown>; index: number },
): Quantity | Refusal {
  const rows = Array.isArray(input.quantities) ? input.quantities : [];
  const row: unknown = rows[index];
  const field = ['input', 'quantities', String(index)];
  if (!isRecord(row)) return { field, code: 'INVALID_INVENTORY_ITEM', message: 'No quantity.' };
  const level = levelOf(state, { row, field });
  if ('message' in level) return level;
  const committed = Number(level.body.committed);
  const isAvailable = input.name === 'available';
  const before = Number(level.body.onHand) - (isAvailable ? committed : 0);
  const quantity = Number(row.quantity);
  if (quantity > 1_000_000_000)
    return { field: [...field, 'quantity'], code: 'INVALID_QUANTITY_TOO_HIGH', message: 'The quantity is too high.' };
  if (typeof row.changeFromQuantity === 'number' && row.changeFromQuantity !== before) {
    const message = 'The specified change from quantity does not match the current quantity.';
    return { field: [...field, 'changeFromQuantity'], code: 'CHANGE_FROM_QUANTITY_STALE', message };
  }
  return { level, onHand: quantity + (isAvailable ? committed : 0) };
}

/** All quantities are set or none. */
function setAll(context: Context, input: Record<string, unknown>): { group: object | null; errors: Refusal[] } {
  const { state } = context;
  const refusedWith = (errors: Refusal[]) => ({ group: null, errors });
  if (input.name !== 'available' && input.name !== 'on_hand') {
    return refusedWith([
      { field: ['input', 'name'], code: 'INVALID_NAME', message: 'The quantity name must be available or on_hand.' },
    ]);
  }
  const count = Array.isArray(input.quantities) ? input.quantities.length : 0;
  const results = Array.from({ length: count }, (_, index) => checked(state, { input, index }));
  const errors = results.flatMap((each) => ('message' in each ? [each] : []));
  if (errors.length > 0) return refusedWith(errors);
  for (const each of results) {
    if (!('level' in each)) continue;
    const changed = change(state, each.level, { body: { onHand: each.onHand } });
    context.noteWrite({ kind: 'update', type: 'InventoryLevel', id: changed.id });
    announce(state, changed, { what: 'UPDATE' });
  }
  const { reason, referenceDocumentUri } = input;
  const group = {
    id: `gid://shopify/InventoryAdjustmentGroup/${state.clock.now()}`,
    reason,
    referenceDocumentUri: referenceDocumentUri ?? null,
  };
  return { group: { ...group, createdAt: instant(state.clock.now()) }, errors: [] };
}

/** A key that was used before: its answer, or a refusal where it comes with other parameters. */
function repeated({ database, state }: Context, { key, digest }: { key: string; digest: string }): object | undefined {
  const { clock, settings } = state;
  database.statement('DELETE FROM idempotency WHERE at <= ?').run(clock.now() - settings.idempotencyHours * 3_600_000);
  const row = database.statement('SELECT digest, answer FROM idempotency WHERE key = ?').get(key);
  if (row === undefined) return undefined;
  const answer = parseJson(String(row.answer));
  if (row.digest === digest && isRecord(answer)) return answer;
  const message = 'The idempotency key was used with different parameters.';
  return {
    inventoryAdjustmentGroup: null,
    userErrors: [{ field: null, code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH', message }],
  };
}

/** The version from which inventory writes need `@idempotent` and `changeFromQuantity`; versions compare as text. */
const requiredFrom = '2026-04';

/** `inventorySetQuantities`: keyed, and compared with the quantity that was there. */
export const inventorySetQuantities: Resolver = (_source, { input }, { context, info, version }) => {
  const { state, database } = context;
  const key = keyOf(info);
  const fields = isRecord(input) ? input : {};
  if (state.settings.requireIdempotency && version >= requiredFrom) {
    if (key === undefined)
      throw missing(state, 'The @idempotent directive is required for this mutation but was not provided.');
    const rows = Array.isArray(fields.quantities) ? fields.quantities : [];
    // An explicit null opts out; only what is absent is refused.
    if (rows.some((row) => isRecord(row) && row.changeFromQuantity === undefined)) {
      throw missing(state, 'The changeFromQuantity argument is required: give null to write without comparing.');
    }
  }
  const digest = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
  const before = key === undefined ? undefined : repeated(context, { key, digest });
  if (before !== undefined) return before;
  const { group, errors } = setAll(context, fields);
  const answer = { inventoryAdjustmentGroup: group, userErrors: errors };
  if (key !== undefined) {
    database
      .statement('INSERT INTO idempotency VALUES (?, ?, ?, ?)')
      .run(key, digest, JSON.stringify(answer), state.clock.now());
  }
  return answer;
};
