import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxDatabase } from './database.ts';
import { isRecord, parseJson } from './record.ts';

/** What a write did to a record. */
export type WriteKind = 'create' | 'update' | 'delete';

/** One answered (or deliberately unanswered) request. */
export type RequestRecord = {
  /** Number of the request, counted from 1. */
  sequence: number;
  /** Unix milliseconds. */
  at: number;
  method: string;
  path: string;
  /** The query without its '?', values of secret-looking names blotted out. */
  query: string;
  template: string;
  /** Status that left, 0 when no answer was sent. */
  status: number;
  requestBytes: number;
  /** Attempt, idempotency and trace headers; never Authorization or cookies. */
  headers: Record<string, string>;
  /** Kind of the injected fault, '' when none. */
  fault: string;
};

/** One change of vendor state. */
export type WriteRecord = {
  /** Number of the write, counted from 1. */
  sequence: number;
  /** Unix milliseconds. */
  at: number;
  kind: WriteKind;
  type: string;
  id: string;
  /** The unique value that the caller used, null when none. */
  key: string | null;
  /** Number of the request that made it. */
  request: number;
};

/** Filters of the request log. */
export type RequestFilter = {
  method?: string;
  template?: string;
  path?: string;
  /** Only requests with a higher number. */
  after?: number;
  /** Most rows; 1,000 unless given. */
  limit?: number;
};

/** Filters of the write log. */
export type WriteFilter = {
  kind?: string;
  type?: string;
  id?: string;
  key?: string;
  /** Number of the request that made the write. */
  request?: number;
  /** Only writes with a higher number: the position to go on from. */
  after?: number;
  /** Most rows; 1,000 unless given. */
  limit?: number;
};

const schema = `
CREATE TABLE IF NOT EXISTS sandbox_requests (
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL,
  template TEXT NOT NULL, status INTEGER NOT NULL, request_bytes INTEGER NOT NULL, headers TEXT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sandbox_writes (
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
  key TEXT, request INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sandbox_writes_by_key ON sandbox_writes (kind, type, key);`;

const attemptHeader =
  /^(idempotency-key|x-request-id|traceparent|user-agent|retry-count|x-.*(attempt|retry|idempotency).*)$/;
const secretName = /secret|token|password|signature|key|code|hapikey/i;

/** The headers worth keeping: attempts, idempotency, trace. Everything else, Authorization above all, is dropped. */
export function attemptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    if (attemptHeader.test(name)) kept[name] = String(headers[name]);
  }
  return kept;
}

/** The query as it may be logged. */
export function loggedQuery(query: URLSearchParams): string {
  if (query.size === 0) return '';
  const safe = new URLSearchParams(query);
  for (const name of new Set(safe.keys())) if (secretName.test(name)) safe.set(name, '[secret]');
  return safe.toString();
}

type Row = Record<string, unknown>;

const number = (row: Row, name: string): number => Number(row[name]);
const text = (row: Row, name: string): string => String(row[name]);

function writeKind(value: unknown): WriteKind {
  if (value === 'create' || value === 'update' || value === 'delete') return value;
  throw new TypeError('The write log holds a kind that is not create, update or delete.');
}

function headersOf(row: Row): Record<string, string> {
  const parsed = parseJson(text(row, 'headers'));
  if (!isRecord(parsed)) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}

function requestRecord(row: Row): RequestRecord {
  return {
    sequence: number(row, 'sequence'),
    at: number(row, 'at'),
    method: text(row, 'method'),
    path: text(row, 'path'),
    query: text(row, 'query'),
    template: text(row, 'template'),
    status: number(row, 'status'),
    requestBytes: number(row, 'request_bytes'),
    headers: headersOf(row),
    fault: text(row, 'fault'),
  };
}

function writeRecord(row: Row): WriteRecord {
  return {
    sequence: number(row, 'sequence'),
    at: number(row, 'at'),
    kind: writeKind(row.kind),
    type: text(row, 'type'),
    id: text(row, 'id'),
    key: row.key === null ? null : text(row, 'key'),
    request: number(row, 'request'),
  };
}

/** The durable log of one sandbox. */
export type SandboxLog = {
  nextRequest(): number;
  addRequest(record: RequestRecord): void;
  addWrite(record: Omit<WriteRecord, 'sequence'>): void;
  requests(filter?: RequestFilter): RequestRecord[];
  writes(filter?: WriteFilter): WriteRecord[];
  duplicateCreates(): { type: string; key: string; count: number }[];
  counts(): { requests: number; writes: number };
  clear(): void;
};

function selection(database: SandboxDatabase, table: string, filter: Record<string, unknown>): Row[] {
  const { after = 0, limit = 1000, ...equal } = filter;
  const names = Object.keys(equal).filter((name) => equal[name] !== undefined);
  const where = ['sequence > ?', ...names.map((name) => `${name} = ?`)].join(' AND ');
  const values = names.map((name) => (name === 'request' ? Number(equal[name]) : String(equal[name])));
  const sql = `SELECT * FROM ${table} WHERE ${where} ORDER BY sequence LIMIT ?`;
  return database.statement(sql).all(Number(after), ...values, Number(limit));
}

/** Opens the log in the sandbox's own database, so that a request, its writes and its log line commit together. */
export function openLog(database: SandboxDatabase): SandboxLog {
  database.raw.exec(schema);
  const last = (): number =>
    Number(database.statement('SELECT coalesce(max(sequence), 0) AS n FROM sandbox_requests').get()?.n);
  const count = (table: string): number => Number(database.statement(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  const insertRequest = 'INSERT INTO sandbox_requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
  const insertWrite = 'INSERT INTO sandbox_writes (at, kind, type, id, key, request) VALUES (?, ?, ?, ?, ?, ?)';
  const doubled = `SELECT type, key, count(*) AS n FROM sandbox_writes
    WHERE kind = 'create' AND key IS NOT NULL GROUP BY type, key HAVING n > 1 ORDER BY type, key`;
  let sequence = last();
  return {
    nextRequest: () => ++sequence,
    addRequest: (line) => {
      const { at, method, path, query, template, status, requestBytes, fault } = line;
      const headers = JSON.stringify(line.headers);
      database
        .statement(insertRequest)
        .run(line.sequence, at, method, path, query, template, status, requestBytes, headers, fault);
    },
    addWrite: (line) => {
      database.statement(insertWrite).run(line.at, line.kind, line.type, line.id, line.key, line.request);
    },
    requests: (filter = {}) => selection(database, 'sandbox_requests', filter).map(requestRecord),
    writes: (filter = {}) => selection(database, 'sandbox_writes', filter).map(writeRecord),
    duplicateCreates: () =>
      database
        .statement(doubled)
        .all()
        .map((row) => ({ type: text(row, 'type'), key: text(row, 'key'), count: number(row, 'n') })),
    counts: () => ({ requests: count('sandbox_requests'), writes: count('sandbox_writes') }),
    clear: () => database.raw.exec('DELETE FROM sandbox_requests; DELETE FROM sandbox_writes'),
  };
}
