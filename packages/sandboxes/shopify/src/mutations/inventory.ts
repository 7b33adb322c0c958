import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Resolved } from '../graphql/objects.ts';
import { idOf } from '../records/gid.ts';
import { childrenOf, find, put, type StoredRecord } from '../records/table.ts';
import type { Writing } from '../state.ts';
import { announce } from '../webhooks/announce.ts';

interface Quantity {
  readonly inventoryItemId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly changeFromQuantity?: number | null;
}

/** Arguments of `inventorySetQuantities`. */
export interface StockArguments {
  readonly input: { readonly name: string; readonly reason: string; readonly quantities: readonly Quantity[] };
}

/** The table of keys that were used. */
export const idempotencySchema = `CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL);`;

const userError = (code: string, { field, message }: { field: readonly string[]; message: string }) => ({
  userErrors: [{ code, field, message }],
});

/** Sets quantities, once for each key: a repetition gets the first answer, and other quantities under it are refused. */
export const inventorySetQuantities = (writing: Writing, args: StockArguments, key: string | undefined): Resolved => {
  // Since 2026-04 the directive is required when the mutation runs, although the schema does not say so.
  if (key === undefined) {
    throw new GraphQLError('The @idempotent directive is required for this mutation but was not provided.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  const { database, settings } = writing.state;
  const digest = createHash('sha256').update(JSON.stringify(args)).digest('hex');
  const sql = 'SELECT digest, answer FROM idempotency WHERE key = ? AND at > ?';
  const known = database.statement(sql).get(key, writing.at - settings.idempotencyMs);
  if (known !== undefined) {
    return known.digest === digest
      ? JSON.parse(String(known.answer))
      : userError('IDEMPOTENCY_KEY_PARAMETER_MISMATCH', {
          field: [],
          message: 'The same idempotency key was used with different parameters.',
        });
  }
  const answer = setAll(writing, args.input);
  database
    .statement('INSERT OR REPLACE INTO idempotency (key, digest, at, answer) VALUES (?, ?, ?, ?)')
    .run(key, digest, writing.at, JSON.stringify(answer));
  return answer;
};

const names: Readonly<Record<string, true>> = { on_hand: true, available: true };

/** All or none of them. */
const setAll = (writing: Writing, { name, quantities }: StockArguments['input']): Resolved => {
  if (names[name] !== true) {
    return userError('INVALID_NAME', {
      field: ['input', 'name'],
      message: 'The quantity name must be on_hand or available.',
    });
  }
  const changes: { level: StoredRecord; onHand: number }[] = [];
  for (const [index, quantity] of quantities.entries()) {
    const judged = judge(writing, { name, quantity, field: ['input', 'quantities', String(index)] });
    if ('userErrors' in judged) return judged;
    changes.push(judged);
  }
  for (const change of changes) setOne(writing, change);
  return { userErrors: [] };
};

const judge = (
  { state: { database } }: Writing,
  { name, quantity, field }: { name: string; quantity: Quantity; field: readonly string[] },
) => {
  if (quantity.changeFromQuantity === undefined) {
    const message = 'The changeFromQuantity argument is required: give null to set the quantity whatever it was.';
    throw new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
  }
  const itemId = idOf('InventoryItem', quantity.inventoryItemId);
  const locationId = idOf('Location', quantity.locationId);
  if (itemId === undefined || find(database, 'InventoryItem', itemId) === undefined) {
    return userError('INVALID_INVENTORY_ITEM', {
      field: [...field, 'inventoryItemId'],
      message: 'The specified inventory item could not be found.',
    });
  }
  const level = childrenOf(database, 'InventoryLevel', itemId).find(({ data }) => data.locationId === locationId);
  if (level === undefined) {
    return userError('INVALID_LOCATION', {
      field: [...field, 'locationId'],
      message: 'The specified location could not be found.',
    });
  }
  const committed = Number(level.data.committed);
  const was = Number(level.data.onHand) - (name === 'available' ? committed : 0);
  if (quantity.changeFromQuantity !== null && quantity.changeFromQuantity !== was) {
    return userError('CHANGE_FROM_QUANTITY_STALE', {
      field: [...field, 'changeFromQuantity'],
      message: 'The changeFromQuantity argument no longer matches the persisted quantity.',
    });
  }
  return { level, onHand: quantity.quantity + (name === 'available' ? committed : 0) };
};

const setOne = (writing: Writing, { level, onHand }: { level: StoredRecord; onHand: number }): void => {
  const { state, at, noteWrite } = writing;
  const record: StoredRecord = { ...level, updatedAt: at, data: { ...level.data, onHand } };
  const lookup = { parent: String(level.data.itemId), place: String(level.data.locationId) };
  put(state.database, record, { changedAt: at, lookup });
  noteWrite({ kind: 'update', type: 'inventoryLevels', id: level.id });
  announce(writing, { topic: 'INVENTORY_LEVELS_UPDATE', record });
};
