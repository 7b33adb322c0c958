import type { Effect } from '../../contract/effect.ts';
import { keyText, readField } from '../../contract/field.ts';
import type { ItemOutcome } from '../../contract/operations.ts';
import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { statusFailure } from '../../http/failure.ts';
import type { RestCall } from './paged-source.ts';
import type { RestRequest } from './request.ts';
import type { RestAnswer } from './transport.ts';

/** What one entry of a batch's answer says. */
export interface BatchItem {
  /** The record as the vendor answered it; the whole entry unless given. */
  readonly record?: unknown;
  readonly created?: boolean | undefined;
  /** What was wrong with it. Absent after a success. */
  readonly failure?: { readonly code: ConnectorErrorCode; readonly vendorCode?: string | undefined } | undefined;
}

/** How the entries of an answer belong to the records that were sent. */
export interface BatchOutcomes {
  /** Dotted paths of the lists of entries; without any the body itself is the list. */
  readonly items?: readonly string[];
  /**
   * `order`: the entry's place in the list is the record's. `{ index }`: the entry names the place, counted from 0.
   * `{ sent, answered }`: a key that stands at these dotted paths of the record and of the entry.
   */
  readonly match: 'order' | { readonly index: string } | { readonly sent: string; readonly answered: string };
  /** Reads an entry. Unless given, an entry is a record, and one with a `status` of 400 or more a failure. */
  readonly read?: (entry: unknown, answer: RestAnswer) => BatchItem;
}

/** A write of many records in one request. */
export interface RestBatch {
  readonly path: string;
  /** `POST` unless given. */
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  /** Most records in one request. */
  readonly max: number;
  readonly effect: Effect;
  /** Path in the written record of the unique key that finds an existing record. Needed for `external-id`. */
  readonly key?: string;
  /** The body for these records, or the whole rest of the request. `{ body: records }` unless given. */
  readonly request?: (
    records: readonly unknown[],
  ) => Partial<Pick<RestRequest, 'body' | 'form' | 'text' | 'query' | 'headers' | 'idempotencyKey' | 'quota'>>;
  readonly outcomes: BatchOutcomes;
}

/** A batch write as a resource takes it. */
export interface RestBatchWrite<Name extends string> {
  readonly effect: Effect;
  readonly key?: string;
  readonly max: number;
  readonly run: (call: RestCall<Name>, records: readonly unknown[]) => Promise<readonly ItemOutcome<unknown>[]>;
}

/**
 * Makes a write of many records at once. Each record gets the outcome that the vendor gave it, of a 200, 201 or 207
 * alike; one that the answer says nothing about has an `unknown-outcome`, and is never taken for written.
 */
export const batchWrite = <Name extends string>(name: Name, batch: RestBatch): RestBatchWrite<Name> => ({
  effect: batch.effect,
  max: batch.max,
  ...(batch.key !== undefined && { key: batch.key }),
  run: async (call, records) => {
    const { path, method = 'POST', effect, request, outcomes } = batch;
    const given = request?.(records) ?? { body: records };
    const answer = await call.transports[name].send({ method, path, effect, ...given });
    const entries = entriesOf(answer, outcomes);
    const places = placesOf(records, entries, outcomes);
    const { read = readEntry } = outcomes;
    return records.map((_record, index) => {
      const entry = places.get(index);
      return entry === undefined ? unanswered() : outcomeOf(entry.value, read(entry.value, answer));
    });
  },
});

const entriesOf = ({ body }: RestAnswer, { items }: BatchOutcomes): readonly unknown[] => {
  const lists = items === undefined ? [body] : items.map((path) => readField(body, path) ?? []);
  if (lists.every(Array.isArray)) return lists.flat();
  throw connectorError('unexpected-content', 'the answer has no list of outcomes');
};

/** The entry of each record by its place. Two entries for one record contradict each other unless they fail alike. */
const placesOf = (
  records: readonly unknown[],
  entries: readonly unknown[],
  { match }: BatchOutcomes,
): ReadonlyMap<number, { readonly value: unknown }> => {
  const places = new Map<number, { readonly value: unknown }>();
  if (match === 'order') {
    // With fewer or more entries than records, no place can be trusted.
    if (entries.length === records.length) for (const [index, value] of entries.entries()) places.set(index, { value });
    return places;
  }
  if ('index' in match) {
    for (const value of entries) {
      const index = Number(keyText(readField(value, match.index)) ?? Number.NaN);
      if (Number.isInteger(index)) places.set(index, { value });
    }
    return places;
  }
  const byKey = new Map(entries.map((value) => [keyText(readField(value, match.answered)), value]));
  for (const [index, record] of records.entries()) {
    const key = keyText(readField(record, match.sent));
    if (key !== undefined && byKey.has(key)) places.set(index, { value: byKey.get(key) });
  }
  return places;
};

const readEntry = (entry: unknown): BatchItem => {
  const status = Number(readField(entry, 'status'));
  const failure = Number.isInteger(status) && status >= 400 ? statusFailure({ status, headers: {} }, 0) : undefined;
  return failure === undefined ? {} : { failure: { code: failure.code } };
};

const outcomeOf = (entry: unknown, { record = entry, created, failure }: BatchItem): ItemOutcome<unknown> => {
  if (failure === undefined) return { ok: true, record, created };
  const { code, vendorCode } = failure;
  return { ok: false, error: connectorError(code, 'the vendor refused this record of the batch', { vendorCode }) };
};

const unanswered = (): ItemOutcome<unknown> => {
  const what = 'the answer to the batch says nothing about this record';
  return { ok: false, error: connectorError('unknown-outcome', what) };
};
