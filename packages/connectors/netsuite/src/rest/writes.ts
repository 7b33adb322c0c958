import { type ConnectorError, type ItemOutcome, isConnectorError } from '@mortise/runtime';
import { checkedId } from '../internal-id.ts';
import { placed, prepared, type ReadyRecord, writtenNotRead } from '../outcomes.ts';
import type { RecordKind, WrittenRecord } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { readRecord } from './record-read.ts';

const isReference = (value: unknown): value is { readonly internalId: string } =>
  typeof value === 'object' && value !== null && 'internalId' in value;

/** A record as the record API takes it: references by `id`, booleans as JSON has them, null where a field is emptied. */
const bodyOf = ({ rest: { body, switches = {} } }: RecordKind, record: WrittenRecord) => {
  if (body !== undefined) return body(record);
  const { externalId: _key, ...fields } = record;
  const converted = Object.entries(fields).map(([name, value]) => {
    if (isReference(value)) return [name, { id: value.internalId }];
    if (value === '') return [name, null];
    return [name, Object.hasOwn(switches, name) && typeof value === 'string' ? value === 'true' : value];
  });
  return Object.fromEntries(converted);
};

const replaceQuery = ({ rest: { replaces } }: RecordKind) => (replaces === undefined ? {} : { replace: replaces });

/** What the vendor says of one record, and not of the connection: the others go on. */
const ofRecord: ReadonlySet<string> = new Set([
  'invalid-request',
  'invalid-record',
  'not-found',
  'conflict',
  'too-large',
  'unknown-outcome',
]);

const put = async (
  call: NetSuiteCall,
  kind: RecordKind,
  { record }: ReadyRecord,
): Promise<ConnectorError | undefined> => {
  try {
    await call.transports.rest.send({
      method: 'PUT',
      path: `record/v1/${kind.rest.path}/{key}`,
      parameters: { key: `eid:${record.externalId}` },
      query: replaceQuery(kind),
      body: bodyOf(kind, record),
      effect: 'external-id',
    });
    return undefined;
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown;
    throw thrown;
  }
};

/** Records of one key go out one after the other, so that the last one given is the one that stays. */
const byKey = (ready: readonly ReadyRecord[]): readonly (readonly ReadyRecord[])[] => [
  ...Map.groupBy(ready, ({ record }) => record.externalId.toLowerCase()).values(),
];

/**
 * Upserts records by external id, one request each, as many at once as the account's quota lets; outcomes in the order
 * given. @throws ConnectorError where not one was written.
 */
export const upsertRecords = async (
  call: NetSuiteCall,
  { kind, given }: { readonly kind: RecordKind; readonly given: readonly WrittenRecord[] },
): Promise<readonly ItemOutcome<unknown>[]> => {
  const { ready, failed } = prepared(kind, { call, given });
  const saved: ReadyRecord[] = [];
  await Promise.all(
    byKey(ready).map(async (group) => {
      for (const each of group) {
        const error = await put(call, kind, each);
        if (error === undefined) saved.push(each);
        else failed.set(each.index, error);
      }
    }),
  );
  const whole = [...failed.values()].find(({ code }) => !ofRecord.has(code));
  if (whole !== undefined && saved.length === 0) throw whole;
  return placed(given, { failed, read: await readSaved(call, { kind, saved }) });
};

/** What was saved, read back one by one, side by side: a row of SuiteQL may still be that of before the save. */
const readSaved = async (
  call: NetSuiteCall,
  { kind, saved }: { readonly kind: RecordKind; readonly saved: readonly ReadyRecord[] },
): Promise<ReadonlyMap<number, unknown>> => {
  const read = await Promise.all(
    byKey(saved).map(async (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const key = `eid:${first.record.externalId}`;
      const record = await readRecord(call, kind, { key }).catch((thrown: unknown) => {
        // The records are written: to fail as a whole would invite whoever called to write them again.
        if (isConnectorError(thrown)) return undefined;
        throw thrown;
      });
      return group.map(({ index }) => [index, record] as const);
    }),
  );
  return new Map(read.flat());
};

/** Changes the given fields of one record, and reads it back. @throws ConnectorError */
export const updateRecord = async (
  call: NetSuiteCall,
  kind: RecordKind,
  { id, change }: { readonly id: string; readonly change: WrittenRecord },
): Promise<unknown> => {
  const changed = kind.changed?.(change, call.settings) ?? change;
  const { externalId } = changed;
  await call.transports.rest.send({
    method: 'PATCH',
    path: `record/v1/${kind.rest.path}/{id}`,
    parameters: { id: checkedId(id) },
    query: replaceQuery(kind),
    // A new SKU, address or number is the external id by which the next upsert finds the record.
    body: { ...bodyOf(kind, changed), ...(externalId !== undefined && { externalId }) },
    effect: 'idempotent',
  });
  return readRecord(call, kind, { key: id }).catch((thrown: unknown) => {
    throw isConnectorError(thrown) ? writtenNotRead() : thrown;
  });
};

/** Removes one record; one that is gone already is removed. @throws ConnectorError */
export const removeRecord = async (
  call: NetSuiteCall,
  kind: RecordKind,
  { id }: { readonly id: string },
): Promise<void> => {
  try {
    await call.transports.rest.send({
      method: 'DELETE',
      path: `record/v1/${kind.rest.path}/{id}`,
      parameters: { id: checkedId(id) },
    });
  } catch (thrown) {
    if (!isConnectorError(thrown) || thrown.code !== 'not-found') throw thrown;
  }
};
