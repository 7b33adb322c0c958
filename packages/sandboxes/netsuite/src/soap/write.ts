import { RecordFailure } from '../records/failure.ts';
import { recordKind, recordKinds } from '../records/fields.ts';
import { deleteRecord, saveRecord, type WriteMode } from '../records/save.ts';
import type { RecordKey } from '../records/table.ts';
import type { StoredRecord } from '../types.ts';
import { child, childrenOf, type XmlElement } from '../xml/tree.ts';
import { node, type XmlContent, type XmlNode } from '../xml/write.ts';
import { type Operation, permissionFor, requireCount, requirePermission, type SoapCall, status } from './call.ts';
import { schemaFailure } from './fault.ts';
import { draftOf, kindOf } from './record-read.ts';
import { referenceXml } from './record-xml.ts';

type Outcome = { record: StoredRecord; afterSubmitFailed: boolean };

const afterSubmit = {
  code: 'UNEXPECTED_ERROR',
  message: 'The record was saved, but a script that ran after it was submitted failed.',
  afterSubmitFailed: true,
};

/** Runs one write of a list; the failure of one record is its own status, and the others go on. */
function writeResponse(write: () => Outcome, reference: () => XmlContent): XmlNode {
  try {
    const { record, afterSubmitFailed } = write();
    const told = afterSubmitFailed ? status(afterSubmit) : status();
    return node('platformMsgs:writeResponse', told, referenceXml('platformMsgs:baseRef', record));
  } catch (error) {
    if (!(error instanceof RecordFailure)) throw error;
    const { code, message } = error;
    return node('platformMsgs:writeResponse', status({ code, message }), reference());
  }
}

function refusedReference(element: XmlElement, call: SoapCall): XmlContent {
  const { internalId, externalId } = element.attributes;
  const { type } = kindOf(element, call);
  return (
    internalId !== undefined &&
    referenceXml('platformMsgs:baseRef', { type, id: internalId, externalId: externalId ?? null })
  );
}

function saved(element: XmlElement, mode: WriteMode, call: SoapCall): XmlNode {
  requirePermission(call, permissionFor(kindOf(element, call), 'edit'));
  return writeResponse(
    () => saveRecord(draftOf(element, call), mode, call.context),
    () => refusedReference(element, call),
  );
}

/** `add`, `update` or `upsert` of one record. */
export function writeOne(mode: WriteMode): Operation {
  return (request, call) => {
    const record = child(request, 'record');
    if (record === undefined) throw schemaFailure('record is missing');
    return [saved(record, mode, call)];
  };
}

/** `addList`, `updateList` or `upsertList`: one response for each record, in their order. */
export function writeMany(mode: WriteMode): Operation {
  return (request, call) => {
    const { maxAddList, maxUpdateList } = call.context.state.settings;
    const records = childrenOf(request, 'record');
    requireCount(call, { count: records.length, most: mode === 'add' ? maxAddList : maxUpdateList });
    return [node('platformMsgs:writeResponseList', status(), ...records.map((record) => saved(record, mode, call)))];
  };
}

/** A reference of a request: its type and key. Throws the fault of one that is not kept. */
export function referenceOf(element: XmlElement): { type: StoredRecord['type']; key: RecordKey } {
  const { type, internalId, externalId } = element.attributes;
  const kind = recordKind(type);
  if (kind === undefined) throw schemaFailure(`a reference to ${type ?? 'nothing'} is not kept by this stand-in`);
  if (internalId !== undefined) return { type: kind.type, key: { id: internalId } };
  if (externalId === undefined) throw schemaFailure('a reference needs internalId or externalId');
  return { type: kind.type, key: { externalId } };
}

function deleted(element: XmlElement, call: SoapCall): XmlNode {
  const { type, key } = referenceOf(element);
  requirePermission(call, permissionFor(recordKinds[type], 'edit'));
  const id = 'id' in key ? key.id : undefined;
  return writeResponse(
    () => ({ record: deleteRecord(type, key, call.context), afterSubmitFailed: false }),
    () => id !== undefined && referenceXml('platformMsgs:baseRef', { type, id, externalId: null }),
  );
}

/** `delete` of one record. */
export const deleteOne: Operation = (request, call) => {
  const reference = child(request, 'baseRef');
  if (reference === undefined) throw schemaFailure('baseRef is missing');
  return [deleted(reference, call)];
};

/** `deleteList`. */
export const deleteMany: Operation = (request, call) => {
  const references = childrenOf(request, 'baseRef');
  requireCount(call, { count: references.length, most: call.context.state.settings.maxAddList });
  return [node('platformMsgs:writeResponseList', status(), ...references.map((each) => deleted(each, call)))];
};
