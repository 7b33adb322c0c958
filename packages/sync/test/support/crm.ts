import { type Answer, type SeenRequest, serveJson } from './http-server.ts';

/** A record of the CRM. */
export interface CrmRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly parentId: string | null;
}

/** What a write did. */
export interface CrmWrite {
  readonly kind: string;
  readonly action: 'create' | 'update';
  readonly key: string;
}

type Given = Omit<CrmRow, 'id'>;

/**
 * A destination that takes batches by key. It refuses a record that is named `refused` by itself, and the whole
 * request for one that is named `poison`.
 */
export const startCrm = async () => {
  const tables = new Map<string, Map<string, CrmRow>>();
  const writes: CrmWrite[] = [];
  const tableOf = (kind: string): Map<string, CrmRow> => {
    const table = tables.get(kind) ?? new Map<string, CrmRow>();
    tables.set(kind, table);
    return table;
  };
  const upsert = (kind: string, given: Given) => {
    if (given.name === 'refused') return { ok: false, reason: 'name is not allowed' };
    const table = tableOf(kind);
    const before = table.get(given.key);
    const record = { ...given, id: before?.id ?? `${kind}-${table.size + 1}` };
    table.set(given.key, record);
    writes.push({ kind, action: before === undefined ? 'create' : 'update', key: given.key });
    return { ok: true, record, created: before === undefined };
  };
  const server = await serveJson(({ path, body }: SeenRequest): Answer => {
    const kind = path.slice(1);
    // The connector below sends nothing else.
    const { records } = body as { records: readonly Given[] };
    if (records.some(({ name }) => name === 'poison')) return { status: 400, json: { error: 'bad request' } };
    return { json: { results: records.map((record) => upsert(kind, record)) } };
  });
  const rows = (kind: string): readonly CrmRow[] =>
    [...tableOf(kind).values()].toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return { ...server, writes, rows };
};

/** The CRM of one test. */
export type Crm = Awaited<ReturnType<typeof startCrm>>;
