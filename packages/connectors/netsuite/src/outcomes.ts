import { type ConnectorError, connectorError, type ItemOutcome, isConnectorError } from '@mortise/runtime';
import type { RecordKind, WrittenRecord } from './record-kind.ts';
import type { NetSuiteCall } from './vendor.ts';

/** A record that can be sent, with its place among those given. */
export interface ReadyRecord {
  readonly index: number;
  readonly record: WrittenRecord & { readonly externalId: string };
}

const withoutKey = (): ConnectorError => {
  const issues = [{ path: 'externalId', reason: 'is missing' }];
  return connectorError('invalid-record', 'the record has no external id to be found by', { issues });
};

/** Whatever became of its reading: it is written, and must not be taken for refused. */
export const writtenNotRead = (): ConnectorError =>
  connectorError('unknown-outcome', 'NetSuite saved the record, and did not answer how it is now');

/** The records that can be sent; those without an external id, or that cannot be said, have failed already. */
export const prepared = (
  kind: RecordKind,
  { call, given }: { readonly call: NetSuiteCall; readonly given: readonly WrittenRecord[] },
): { readonly ready: readonly ReadyRecord[]; readonly failed: Map<number, ConnectorError> } => {
  const ready: ReadyRecord[] = [];
  const failed = new Map<number, ConnectorError>();
  const { written = (record: WrittenRecord) => record } = kind;
  for (const [index, record] of given.entries()) {
    try {
      const sent = written(record, call.settings);
      const { externalId } = sent;
      if (externalId === undefined || externalId === '') throw withoutKey();
      ready.push({ index, record: { ...sent, externalId } });
    } catch (thrown) {
      if (!isConnectorError(thrown)) throw thrown;
      failed.set(index, thrown);
    }
  }
  return { ready, failed };
};

/** One outcome for each record given, in their order. */
export const placed = (
  given: readonly WrittenRecord[],
  {
    failed,
    read = new Map(),
  }: { readonly failed: ReadonlyMap<number, ConnectorError>; readonly read?: ReadonlyMap<number, unknown> },
): readonly ItemOutcome<unknown>[] =>
  given.map((_record, index) => {
    const error = failed.get(index);
    if (error !== undefined) return { ok: false, error };
    const record = read.get(index);
    return record === undefined ? { ok: false, error: writtenNotRead() } : { ok: true, record };
  });
