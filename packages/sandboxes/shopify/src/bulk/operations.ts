import { GraphQLError } from 'graphql';
import type { Resolved } from '../graphql/objects.ts';
import { gid, idOf, instant } from '../records/gid.ts';
import type { ShopifyState, Writing } from '../state.ts';

/** The table of bulk operations and their files. */
export const bulkSchema = `CREATE TABLE IF NOT EXISTS bulk (
  id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, status TEXT NOT NULL, code TEXT, created INTEGER NOT NULL,
  completed INTEGER, objects INTEGER NOT NULL DEFAULT 0, roots INTEGER NOT NULL DEFAULT 0, file TEXT);`;

const fileDays = 7;

/** Path under which the file of an operation lies. */
export const bulkPath = '/bulk/{id}.jsonl';

/** A bulk operation as GraphQL gives it. Its file is kept for seven days. */
const bulkObject = ({ clock }: ShopifyState, row: Record<string, unknown>): Resolved => {
  const isKept = row.completed !== null && clock.now() - Number(row.completed) < fileDays * 24 * 3_600_000;
  const hasFile = row.status === 'COMPLETED' && Number(row.objects) > 0 && isKept;
  return {
    id: gid('BulkOperation', String(row.id)),
    status: row.completed !== null && !isKept ? 'EXPIRED' : row.status,
    type: 'QUERY',
    errorCode: row.code,
    createdAt: instant(Number(row.created)),
    completedAt: row.completed === null ? null : instant(Number(row.completed)),
    objectCount: String(row.objects),
    rootObjectCount: String(row.roots),
    fileSize: hasFile ? String(Buffer.byteLength(String(row.file))) : null,
    url: hasFile ? `${origins.get(clock) ?? ''}/bulk/${row.id}.jsonl?signature=sandbox` : null,
    partialDataUrl: null,
  };
};

/** Where a shop listens is known only once it does. */
const origins = new WeakMap<object, string>();

/** Says where the files of a shop lie. */
export const listensAt = ({ clock }: ShopifyState, url: string): void => {
  origins.set(clock, url);
};

/** A bulk operation by its id, or null. */
export const bulkById = (state: ShopifyState, given: string): Resolved | null => {
  const row = state.database
    .statement('SELECT * FROM bulk WHERE id = ?')
    .get(Number(idOf('BulkOperation', given) ?? 0));
  return row === undefined ? null : bulkObject(state, row);
};

/** The latest one. */
export const currentBulk = (state: ShopifyState): Resolved | null => {
  const row = state.database.statement('SELECT * FROM bulk ORDER BY id DESC LIMIT 1').get();
  return row === undefined ? null : bulkObject(state, row);
};

/** Starts one. It is worked on after the answer, and read by polling. */
export const bulkOperationRunQuery = ({ state, at }: Writing, { query }: { readonly query: string }): Resolved => {
  const running = "SELECT count(*) AS n FROM bulk WHERE status IN ('CREATED', 'RUNNING')";
  if (Number(state.database.statement(running).get()?.n) >= state.settings.bulkOperations) {
    const message = 'A bulk query operation for this app and shop is already in progress.';
    return { bulkOperation: null, userErrors: [{ field: null, code: 'OPERATION_IN_PROGRESS', message }] };
  }
  const sql = "INSERT INTO bulk (query, status, created) VALUES (?, 'CREATED', ?)";
  const { lastInsertRowid } = state.database.statement(sql).run(query, at);
  return { bulkOperation: bulkById(state, gid('BulkOperation', String(lastInsertRowid))), userErrors: [] };
};

/** Cancels one that has not ended. */
export const bulkOperationCancel = ({ state }: Writing, { id }: { readonly id: string }): Resolved => {
  const found = bulkById(state, id);
  if (found === null) throw new GraphQLError('Bulk operation does not exist');
  const sql = "UPDATE bulk SET status = 'CANCELED' WHERE id = ? AND status IN ('CREATED', 'RUNNING')";
  state.database.statement(sql).run(Number(idOf('BulkOperation', id)));
  return { bulkOperation: bulkById(state, id), userErrors: [] };
};
