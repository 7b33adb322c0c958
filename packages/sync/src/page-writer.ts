import {
  type ConnectorErrorCode,
  connectorError,
  type ItemOutcome,
  isConnectorError,
  toConnectorError,
  type UpsertPort,
} from '@mortise/runtime';
import type { PlannedWrite } from './decision.ts';

/** A planned write and what became of it. */
export interface WriteResult {
  readonly write: PlannedWrite;
  readonly outcome: ItemOutcome<unknown>;
}

/** Codes with which a vendor refuses a whole request for the sake of one record in it. */
const oneRecordsFault: ReadonlySet<ConnectorErrorCode> = new Set([
  'invalid-request',
  'too-large',
  'conflict',
  'invalid-record',
]);

/**
 * Writes records in requests of the vendor's size. A request that is refused because of what is in it is halved until
 * the record at fault is alone; every other failure is the run's.
 * @throws ConnectorError when the destination cannot be written to at all.
 */
export const writeAll = async (
  upsert: UpsertPort,
  { writes, signal }: { writes: readonly PlannedWrite[]; signal: AbortSignal | undefined },
): Promise<readonly WriteResult[]> => {
  const results: WriteResult[] = [];
  for (let start = 0; start < writes.length; start += upsert.max) {
    results.push(...(await writeBatch(upsert, { writes: writes.slice(start, start + upsert.max), signal })));
  }
  return results;
};

const writeBatch = async (
  upsert: UpsertPort,
  { writes, signal }: { writes: readonly PlannedWrite[]; signal: AbortSignal | undefined },
): Promise<readonly WriteResult[]> => {
  try {
    const outcomes = await upsert.run(
      writes.map(({ written }) => written),
      { signal },
    );
    return writes.map((write, index) => ({ write, outcome: outcomes[index] ?? missing() }));
  } catch (thrown) {
    const [only] = writes;
    if (only === undefined || !isConnectorError(thrown) || !oneRecordsFault.has(thrown.code))
      throw toConnectorError(thrown);
    if (writes.length === 1) return [{ write: only, outcome: { ok: false, error: thrown } }];
    const middle = Math.ceil(writes.length / 2);
    const first = await writeBatch(upsert, { writes: writes.slice(0, middle), signal });
    return [...first, ...(await writeBatch(upsert, { writes: writes.slice(middle), signal }))];
  }
};

const missing = (): ItemOutcome<unknown> => ({
  ok: false,
  error: connectorError('internal', 'the destination gave no outcome for this record'),
});
