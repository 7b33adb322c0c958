import type { FindRequest, ListRequest } from '@mortise/runtime';
import type { RecordApi } from './record-api.ts';
import type { RecordKind, WrittenRecord } from './record-kind.ts';
import { restRecords } from './rest/records.ts';
import { soapRecords } from './soap/records.ts';
import type { NetSuiteCall } from './vendor.ts';
import { rolePermissions } from './vendor-facts.ts';

const permissionsOf = (name: RecordKind['name']) => {
  const { read, write, remove } = rolePermissions[name];
  return {
    list: read,
    get: read,
    find: read,
    deletions: rolePermissions.deletions,
    // Both read the record back.
    upsert: [...read, ...write],
    update: [...read, ...write],
    remove,
  };
};

/** The operations of a resource, each over the transport that the settings choose. `max` records go into one upsert. */
export const recordOperations = (kind: RecordKind, { max }: { readonly max: number }) => {
  const apis: Readonly<Record<'soap' | 'rest', RecordApi>> = { soap: soapRecords(kind), rest: restRecords(kind) };
  const chosen = ({ settings }: NetSuiteCall): RecordApi => apis[settings.api];
  return {
    permissions: permissionsOf(kind.name),
    list: (call: NetSuiteCall, request: ListRequest) => chosen(call).list(call, request),
    get: (call: NetSuiteCall, id: string) => chosen(call).get(call, id),
    find: (call: NetSuiteCall, request: FindRequest) => chosen(call).find(call, request),
    deletions: (call: NetSuiteCall, request: ListRequest) => chosen(call).deletions(call, request),
    upsert: {
      effect: 'external-id',
      key: 'externalId',
      max,
      run: (call: NetSuiteCall, records: readonly WrittenRecord[]) => chosen(call).upsert(call, records),
    },
    update: {
      effect: 'idempotent',
      run: (call: NetSuiteCall, item: { readonly id: string; readonly change: WrittenRecord }) =>
        chosen(call).update(call, item),
    },
    remove: { effect: 'idempotent', run: (call: NetSuiteCall, id: string) => chosen(call).remove(call, id) },
  } as const;
};
