import { isRecord, type Route, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { originOf } from '../origin.ts';
import { RecordFailure } from '../records/failure.ts';
import { recordKind } from '../records/fields.ts';
import { type Draft, deleteRecord, saveRecord, type WriteMode } from '../records/save.ts';
import { allOf, countRecords, findRecord, type RecordKey, selectRecords } from '../records/table.ts';
import type { Context, NetSuiteState, RecordType, StoredRecord } from '../types.ts';
import { enter, requirePermission } from './door.ts';
import { answerError, invalid, RestFailure } from './failure.ts';
import { filterConditions } from './filter.ts';
import { pageJson, pageOf } from './paging.ts';
import { draftFields, recordHref, recordJson, recordPath } from './record-json.ts';
import { mergeSublists } from './sublists.ts';

type Asked = { request: SandboxRequest; context: Context; type: RecordType };

/** Wraps a handler: the door first, then the record type, and every refusal in the vendor's shape. */
function entered(access: 'view' | 'edit', handle: (asked: Asked) => SandboxAnswer): Route<NetSuiteState>['handle'] {
  return (request, context) => {
    enter(request, context);
    const type = recordKind(request.params.type)?.type;
    if (type === undefined)
      throw new RestFailure(404, 'NONEXISTENT_ID', { message: `Record type '${request.params.type}' does not exist.` });
    requirePermission(context, `${type}:${access}`);
    return handle({ request, context, type });
  };
}

function keyOf({ params }: SandboxRequest): RecordKey {
  const id = params.id ?? '';
  return id.startsWith('eid:') ? { externalId: id.slice(4) } : { id };
}

const missing = (): RestFailure =>
  new RestFailure(404, 'NONEXISTENT_ID', {
    message: 'The record instance does not exist. Provide a valid record instance ID.',
  });

function found({ request, context, type }: Asked): StoredRecord {
  const record = findRecord(context.database, type, { key: keyOf(request) });
  if (record === undefined) throw missing();
  return record;
}

function list({ request, context, type }: Asked): SandboxAnswer {
  const page = pageOf(request, context);
  const condition = allOf([{ sql: 'type = ?', values: [type] }, ...filterConditions(request.query.get('q'), type)]);
  const records = selectRecords(context.database, condition, { order: 'id', ...page });
  // A list tells ids alone: the records are read one by one, or by SuiteQL.
  const items = records.map((record) => {
    const href = recordHref(record, originOf(request));
    return { links: [{ rel: 'self', href }], id: record.id };
  });
  return { status: 200, json: pageJson(request, page, { items, total: countRecords(context.database, condition) }) };
}

function get(asked: Asked): SandboxAnswer {
  const expand = asked.request.query.get('expandSubResources') === 'true';
  return { status: 200, json: recordJson(found(asked), { origin: originOf(asked.request), expand }) };
}

function bodyOf({ body }: SandboxRequest): Record<string, unknown> {
  if (isRecord(body)) return body;
  throw invalid('Invalid content in the request body: a JSON object is needed.', 'INVALID_CONTENT');
}

type Write = { mode: WriteMode; key?: RecordKey | undefined; before?: StoredRecord | undefined };

function saved({ request, context, type }: Asked, { mode, key, before }: Write): SandboxAnswer {
  const body = bodyOf(request);
  const fields = draftFields(type, body, context);
  const externalId = typeof body.externalId === 'string' ? body.externalId : undefined;
  const named = key === undefined ? {} : 'id' in key ? { id: key.id } : 'externalId' in key ? key : {};
  const draft: Draft = { type, ...(externalId === undefined ? {} : { externalId }), ...named, fields };
  const replaced = (request.query.get('replace') ?? '').split(',');
  const { record } = saveRecord(mergeSublists(draft, before, replaced), mode, context);
  return { status: 204, headers: { location: recordHref(record, originOf(request)) } };
}

function patch(asked: Asked): SandboxAnswer {
  const before = found(asked);
  return saved(asked, { mode: 'update', key: { id: before.id }, before });
}

function put(asked: Asked): SandboxAnswer {
  const key = keyOf(asked.request);
  if (!('externalId' in key)) throw invalid('PUT needs an external id: eid:…', 'INVALID_REQUEST');
  const before = findRecord(asked.context.database, asked.type, { key });
  return saved(asked, { mode: 'upsert', key, before });
}

function remove({ request, context, type }: Asked): SandboxAnswer {
  const key = keyOf(request);
  if (findRecord(context.database, type, { key }) === undefined) throw missing();
  deleteRecord(type, key, context);
  return { status: 204 };
}

/** Answers any error of the REST services in the vendor's shape; a refused record is a bad request. */
export function answerRestError(error: unknown): SandboxAnswer {
  if (!(error instanceof RecordFailure)) return answerError(error);
  const { code, message, path } = error;
  return answerError(new RestFailure(code === 'DUP_RCRD' ? 409 : 400, code, { message, path }));
}

/** The record service. */
export const recordRoutes: Route<NetSuiteState>[] = [
  { method: 'GET', path: `${recordPath}/{type}`, handle: entered('view', list) },
  { method: 'POST', path: `${recordPath}/{type}`, handle: entered('edit', (asked) => saved(asked, { mode: 'add' })) },
  { method: 'GET', path: `${recordPath}/{type}/{id}`, handle: entered('view', get) },
  { method: 'PATCH', path: `${recordPath}/{type}/{id}`, handle: entered('edit', patch) },
  { method: 'PUT', path: `${recordPath}/{type}/{id}`, handle: entered('edit', put) },
  { method: 'DELETE', path: `${recordPath}/{type}/{id}`, handle: entered('edit', remove) },
];
