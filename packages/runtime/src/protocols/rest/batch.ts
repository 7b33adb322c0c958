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

/** A batch write as a resource takes it. `run` rejects with a ConnectorError where the request as a whole has failed. */
export interface RestBatchWrite<Name extends string> {
  readonly effect: Effect;
  readonly key?: string;
  /** Most records in one request. */
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
    if (entries === undefined) {
      // It was sent and taken: to fail as a whole would invite whoever called to send it again.
      if (effect === 'unsafe') return records.map(unanswered);
      throw connectorError('unexpected-content', 'the answer has no list of outcomes');
    }
    const places = placesOf(records, entries, outcomes);
    const { read = readEntry } = outcomes;
    return records.map((_record, index) => {
      const entry = places.get(index);
      return entry === undefined ? unanswered() : outcomeOf(entry.value, read(entry.value, answer));
    });
  },
});

const entriesOf = ({ body }: RestAnswer, { items }: BatchOutcomes): readonly unknown[] | undefined => {
  const lists = items === undefined ? [body] : items.map((path) => readField(body, path));
  // Of several lists the vendor may leave out those that would be empty.
  const given = lists.filter((list) => list !== undefined && list !== null);
  return given.length > 0 && given.every(Array.isArray) ? given.flat() : undefined;
};

interface Entry {
  readonly value: unknown;
}

/** The entry of each record by its place. Where two entries claim one record, neither is believed. */
const placesOf = (
  records: readonly unknown[],
  entries: readonly unknown[],
  { match }: BatchOutcomes,
): ReadonlyMap<number, Entry> => {
  // With fewer or more entries than records, no place can be trusted.
  if (match === 'order') return new Map(entries.length === records.length ? entries.map(asPlaced) : []);
  if ('index' in match) return byName(entries, (entry) => Number(textAt(entry, match.index) ?? Number.NaN));
  const byKey = byName(entries, (entry) => textAt(entry, match.answered));
  return new Map(
    records.flatMap((record, index) => {
      const entry = byKey.get(textAt(record, match.sent));
      return entry === undefined ? [] : [[index, entry] as const];
    }),
  );
};

const asPlaced = (value: unknown, index: number): [number, Entry] => [index, { value }];

const textAt = (value: unknown, path: string): string | undefined => keyText(readField(value, path));

const byName = <Name>(entries: readonly unknown[], nameOf: (entry: unknown) => Name): Map<Name, Entry> => {
  const found = new Map<Name, Entry>();
  const twice = new Set<Name>();
  for (const value of entries) {
    const name = nameOf(value);
    if (found.has(name)) twice.add(name);
    found.set(name, { value });
  }
  for (const name of twice) found.delete(name);
  return found;
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
