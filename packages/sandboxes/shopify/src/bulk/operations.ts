import { GraphQLError, parse, validate } from 'graphql';
import { type Execution, executed, type Resolver } from '../graphql/execution.ts';
import type { Refusal } from '../mutations/refusal.ts';
import { gidOf, idOf } from '../records/gid.ts';
import { findRecord, putRecord } from '../records/table.ts';
import { instant, type RecordSource, sourceOf } from '../records/wire.ts';
import { adminSchema } from '../schema/schema.ts';
import { create } from '../shop/changes.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';
import { fileUrl } from './file.ts';
import { bulkRows } from './rows.ts';

/** Files of bulk operations. */
export const bulkSchema = 'CREATE TABLE IF NOT EXISTS bulk_files (id INTEGER PRIMARY KEY, text TEXT NOT NULL);';

const dayMs = 86_400_000;
const ended = new Set(['CANCELED', 'FAILED', 'COMPLETED', 'EXPIRED']);

/** Where an operation stands now: it runs on the clock, and its file ends on it. */
function statusOf({ clock, settings }: ShopifyState, { body, createdAt }: StoredRecord): string {
  if (typeof body.endedAs === 'string') return body.endedAs;
  const finished = createdAt + Number(body.runsMs);
  if (clock.now() < finished) return clock.now() === createdAt ? 'CREATED' : 'RUNNING';
  if (clock.now() >= finished + settings.bulkFileDays * dayMs) return 'EXPIRED';
  return body.errorCode === null ? 'COMPLETED' : 'FAILED';
}

/** When an operation ended or will end: at its time, unless it was canceled before. */
const endOf = ({ body, createdAt }: StoredRecord): number =>
  typeof body.endedAt === 'number' ? body.endedAt : createdAt + Number(body.runsMs);

/** A bulk operation as it stands now. */
export function bulkSource(state: ShopifyState, stored: StoredRecord, { origin }: { origin: string }): RecordSource {
  const status = statusOf(state, stored);
  const isComplete = status === 'COMPLETED';
  const { objectCount, rootObjectCount, fileSize, errorCode, query } = stored.body;
  return {
    ...sourceOf(stored),
    ...{ status, type: 'QUERY', query, partialDataUrl: null },
    completedAt: ended.has(status) ? instant(endOf(stored)) : null,
    errorCode: status === 'FAILED' ? errorCode : null,
    objectCount: isComplete ? objectCount : '0',
    rootObjectCount: isComplete ? rootObjectCount : '0',
    fileSize: isComplete && objectCount !== '0' ? fileSize : null,
    url: isComplete && objectCount !== '0' ? fileUrl(state, stored, { origin }) : null,
  };
}

function running(state: ShopifyState): number {
  const sql = "SELECT CAST(id AS TEXT) AS id FROM records WHERE type = 'BulkOperation'";
  const all = state.database.statement(sql).all();
  return all.filter(({ id }) => {
    const found = findRecord(state.database, { type: 'BulkOperation', id: String(id) });
    return found !== undefined && !ended.has(statusOf(state, found));
  }).length;
}

type Read = { text: string; objects: number; roots: number };

function read(execution: Execution, { query, isGrouped }: { query: string; isGrouped: boolean }): Read | string {
  try {
    const document = parse(query);
    const [invalid] = validate(adminSchema, document);
    if (invalid !== undefined) return invalid.message;
    const { data, errors } = executed({ ...execution, whole: true }, document);
    if (errors !== undefined || !data) return errors?.[0]?.message ?? 'The query answers nothing.';
    const rows = bulkRows(data, { isGrouped });
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    return { text, objects: rows.length, roots: rows.filter((row) => !('__parentId' in row)).length };
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

/** Tells `bulk_operations/finish`: that the operation is over, not how to get its file. */
function announceEnd(state: ShopifyState, stored: StoredRecord): void {
  const status = statusOf(state, stored);
  const body = {
    admin_graphql_api_id: gidOf(stored),
    completed_at: instant(endOf(stored)),
    created_at: instant(stored.createdAt),
    error_code: status === 'FAILED' ? String(stored.body.errorCode).toLowerCase() : null,
    status: status.toLowerCase(),
    type: 'query',
  };
  state.webhooks.emit('BULK_OPERATIONS_FINISH', JSON.stringify(body));
}

const none = (error: Refusal) => ({ bulkOperation: null, userErrors: [error] });

/** `bulkOperationRunQuery`: reads at once, and shows the file when the operation's time is over. */
export const bulkOperationRunQuery: Resolver = (_source, { query, groupObjects }, execution) => {
  const { context, origin } = execution;
  const { state, database } = context;
  if (running(state) >= state.settings.bulkOperationsAtOnce) {
    return none({
      field: null,
      code: 'OPERATION_IN_PROGRESS',
      message: 'A bulk query operation for this app and shop is already in progress.',
    });
  }
  const file = read(execution, { query: String(query), isGrouped: groupObjects !== false });
  if (typeof file === 'string') return none({ field: ['query'], code: 'INVALID', message: file });
  const { bulkOperationMs, bulkFailure } = state.settings;
  const stored = create(state, {
    type: 'BulkOperation',
    body: {
      ...{ query, runsMs: bulkOperationMs, errorCode: bulkFailure === '' ? null : bulkFailure, endedAs: null },
      ...{ objectCount: String(file.objects), rootObjectCount: String(file.roots) },
      fileSize: String(Buffer.byteLength(file.text)),
    },
  });
  database.statement('INSERT INTO bulk_files VALUES (?, ?)').run(BigInt(stored.id), file.text);
  state.webhooks.later(() => {
    const { type, id } = stored;
    const found = findRecord(database, { type, id });
    // A cancel before was told then.
    if (found !== undefined && found.body.endedAs === null) announceEnd(state, found);
  }, bulkOperationMs);
  context.noteWrite({ kind: 'create', type: 'BulkOperation', id: stored.id });
  const shown = bulkSource(state, stored, { origin });
  // The vendor answers the start before anything was read, however fast it is.
  return { bulkOperation: { ...shown, status: 'CREATED', url: null, completedAt: null }, userErrors: [] };
};

/** `bulkOperationCancel`. */
export const bulkOperationCancel: Resolver = (_source, { id }, { context, origin }) => {
  const { state } = context;
  const found = findRecord(state.database, { type: 'BulkOperation', id: idOf(id, 'BulkOperation') });
  if (found === undefined) return none({ field: ['id'], message: 'Bulk operation does not exist' });
  if (ended.has(statusOf(state, found))) {
    return {
      bulkOperation: bulkSource(state, found, { origin }),
      userErrors: [{ field: null, message: 'A bulk operation cannot be canceled when it is completed' }],
    };
  }
  const canceled = { ...found, body: { ...found.body, endedAs: 'CANCELED', endedAt: state.clock.now() } };
  putRecord(state, canceled);
  announceEnd(state, canceled);
  return { bulkOperation: { ...bulkSource(state, canceled, { origin }), status: 'CANCELING' }, userErrors: [] };
};
