import type { Context, FieldRow, FieldValue, RecordType, StoredRecord } from '../types.ts';
import { completeRecord } from './complete.ts';
import { RecordFailure } from './failure.ts';
import { recordKinds } from './fields.ts';
import { findRecord, nameOf, putRecord, type RecordKey, removeRecord } from './table.ts';

/** Fields to write: null clears one. */
export type Draft = {
  type: RecordType;
  id?: string | undefined;
  externalId?: string | undefined;
  fields: Readonly<Record<string, FieldValue | null>>;
};

/** How a write treats a record that exists or does not. */
export type WriteMode = 'add' | 'update' | 'upsert';

/** What a write did. `afterSubmitFailed`: it is saved, and a script that ran after it failed. */
export type Saved = { record: StoredRecord; created: boolean; afterSubmitFailed: boolean };

const missing = (type: RecordType): RecordFailure =>
  new RecordFailure('RCRD_DSNT_EXIST', `That record does not exist. path: ${recordKinds[type].label}`);

function keyOf(draft: Draft): RecordKey | undefined {
  if (draft.id !== undefined) return { id: draft.id };
  return draft.externalId === undefined ? undefined : { externalId: draft.externalId };
}

function existing(draft: Draft, mode: WriteMode, { state }: Context): StoredRecord | undefined {
  if (mode === 'upsert' && draft.id !== undefined)
    throw new RecordFailure('USER_ERROR', 'The field internalId must not be set in an upsert.');
  if (mode === 'upsert' && draft.externalId === undefined)
    throw new RecordFailure('USER_ERROR', 'An upsert needs an externalId.');
  const key = mode === 'add' ? draft.externalId && { externalId: draft.externalId } : keyOf(draft);
  const found = key ? findRecord(state.database, draft.type, { key }) : undefined;
  if (mode === 'add' && found !== undefined)
    throw new RecordFailure('DUP_RCRD', 'This record already exists: its external id is taken.');
  if (mode === 'update' && found === undefined) throw missing(draft.type);
  return found;
}

function merged(before: FieldRow, changes: Draft['fields']): FieldRow {
  const fields = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') delete fields[name];
    else fields[name] = value;
  }
  return fields;
}

function refuseTakenName(record: StoredRecord, { state }: Context): void {
  const name = nameOf(record);
  const other = findRecord(state.database, record.type, { key: { name } });
  if (other === undefined || other.id === record.id) return;
  const code = record.type === 'inventoryItem' ? 'DUP_ITEM' : 'UNIQUE_CUST_ID_REQD';
  if (record.type === 'salesOrder') return;
  throw new RecordFailure(code, `A ${recordKinds[record.type].label} of this name already exists.`);
}

/** Unix milliseconds of now as the vendor stamps it. */
export function stampNow({ state }: Context): number {
  const { stampPrecisionMs } = state.settings;
  return Math.floor(state.clock.now() / stampPrecisionMs) * stampPrecisionMs;
}

/** Writes one record. Throws a {@link RecordFailure} for what the vendor refuses. */
export function saveRecord(draft: Draft, mode: WriteMode, context: Context): Saved {
  const before = existing(draft, mode, context);
  const now = stampNow(context);
  const record: StoredRecord = {
    type: draft.type,
    id: before?.id ?? context.state.nextId(),
    externalId: draft.externalId ?? before?.externalId ?? null,
    fields: merged(before?.fields ?? {}, draft.fields),
    createdAt: before?.createdAt ?? now,
    modifiedAt: now,
  };
  const completed = { ...record, fields: completeRecord(record, context) };
  refuseTakenName(completed, context);
  putRecord(context.state.database, completed);
  const kind = before === undefined ? 'create' : 'update';
  context.noteWrite({ kind, type: record.type, id: record.id, key: record.externalId ?? undefined });
  const failing = context.state.settings.afterSubmitFailedFor;
  const afterSubmitFailed = record.externalId !== null && failing.includes(record.externalId);
  return { record: completed, created: before === undefined, afterSubmitFailed };
}

/** Deletes one record. Throws a {@link RecordFailure} when there is none. */
export function deleteRecord(type: RecordType, key: RecordKey, context: Context): StoredRecord {
  const record = findRecord(context.state.database, type, { key });
  if (record === undefined) throw missing(type);
  removeRecord(context.state.database, record, { at: stampNow(context) });
  context.noteWrite({ kind: 'delete', type, id: record.id, key: record.externalId ?? undefined });
  return record;
}
