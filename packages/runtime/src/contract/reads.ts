import { linkedSignal } from '../resilience/linked-signal.ts';
import { fallbackRead } from './fallback-read.ts';
import type { CallOptions, Change, FindRequest, ListedPage, ListRequest, Page, RejectedRecord } from './operations.ts';
import type { ErasedOperations } from './resource.ts';
import { withinStep, withinSteps } from './step-limit.ts';
import {
  type AnyCall,
  callFor,
  errorOf,
  type OperationPlace,
  type Parse,
  type Perform,
  parsedOrThrown,
  type ReadOptions,
  type ResourceBinding,
  type WireOperations,
} from './wire-operations.ts';

/** What the reads of a resource are made of. */
export interface ReadParts {
  readonly given: ErasedOperations;
  readonly parse: Parse;
  readonly perform: Perform;
  readonly binding: ResourceBinding;
  readonly keyOf: (record: unknown) => string | undefined;
}

type Reads = Pick<WireOperations, 'list' | 'backfill' | 'get' | 'find' | 'deletions' | 'subscribe'>;

/** The reads that a resource has: what they give has passed its schema. */
export const readOperations = ({ given, parse, perform, binding, keyOf }: ReadParts): Reads => {
  const { list, backfill, get, find, deletions, subscribe } = given;
  const streamed =
    <Item>(operation: string, start: (call: AnyCall, request: ListRequest) => AsyncIterable<Item>) =>
    (request: ListRequest & CallOptions = {}) =>
      wholeWalk((signal) => start(callFor(binding, operation, { ...request, signal }), request), {
        binding,
        operation,
        signal: request.signal,
      });
  const paged = <Item>(operation: string, start: (call: AnyCall, request: ListRequest) => AsyncIterable<Item>) =>
    streamed(operation, (call, request) => withinSteps(start(call, request), binding));
  const one = (place: { operation: string; argument: string }, options: ReadOptions | undefined, run: ReadOnce) => {
    const { operation } = place;
    const read = () => perform(operation, () => withinStep(run(callFor(binding, operation, options)), binding));
    if (options?.fallback === undefined) return read();
    return fallbackRead({ ...place, binding, options }, read);
  };
  return {
    ...(list && { list: paged('list', (call, request) => readPages(list(call, request), { parse, keyOf })) }),
    ...(backfill && {
      backfill: (request: ListRequest & CallOptions = {}) =>
        paged('backfill', (call, asked) => readPages(backfill(call, asked), { parse, keyOf }))({
          priority: 'backfill',
          ...request,
        }),
    }),
    ...(deletions && { deletions: paged('deletions', deletions) }),
    // Not timed by steps: between two changes there may be days.
    ...(subscribe && {
      subscribe: streamed('subscribe', (call, request) => readChanges(subscribe(call, request), { parse, keyOf })),
    }),
    ...(get && {
      get: (id: string, options?: ReadOptions) =>
        one({ operation: 'get', argument: id }, options, async (call) => parsedOrThrown(parse, await get(call, id))),
    }),
    ...(find && {
      find: (request: FindRequest, options?: ReadOptions) =>
        one({ operation: 'find', argument: `${request.field}\n${request.value}` }, options, async (call) => {
          const found = await find(call, request);
          return found === undefined || found === null ? undefined : parsedOrThrown(parse, found);
        }),
    }),
  };
};

type ReadOnce = (call: AnyCall) => Promise<unknown>;

/**
 * Runs a generator and completes what it throws, as `perform` does for promises. When it has ended, however it did, what is
 * still on its way for it is cancelled: pages that were asked for in advance by a loop that was left.
 */
async function* wholeWalk<Item>(
  start: (signal: AbortSignal) => AsyncIterable<Item>,
  { signal, ...place }: OperationPlace & Pick<CallOptions, 'signal'>,
): AsyncGenerator<Item> {
  const walk = linkedSignal(signal);
  try {
    yield* start(walk.signal);
  } catch (thrown) {
    throw errorOf(thrown, place);
  } finally {
    walk.end();
  }
}

/** Reads records one step further: by their schema, or by their mapping. */
export type RecordReader = Pick<ReadParts, 'parse' | 'keyOf'>;

const readRecord = (record: unknown, { parse, keyOf }: RecordReader): Exclude<Change<unknown>, { kind: 'removed' }> => {
  const parsed = parse(record);
  if (parsed.ok) return { kind: 'changed', record: parsed.value };
  return { kind: 'rejected', rejected: { key: keyOf(record), issues: parsed.issues, record } };
};

/** A record that does not fit is put aside with its issues, and the page goes on. */
export async function* readPages(
  pages: AsyncIterable<ListedPage & { readonly rejected?: readonly RejectedRecord[] }>,
  reader: RecordReader,
): AsyncGenerator<Page<unknown>> {
  for await (const page of pages) {
    const records: unknown[] = [];
    const rejected = [...(page.rejected ?? [])];
    for (const record of page.records) {
      const read = readRecord(record, reader);
      if (read.kind === 'changed') records.push(read.record);
      else rejected.push(read.rejected);
    }
    yield { ...page, records, rejected };
  }
}

/** A changed record that does not fit is told as such, and the subscription goes on. */
export async function* readChanges(
  changes: AsyncIterable<Change<unknown>>,
  reader: RecordReader,
): AsyncGenerator<Change<unknown>> {
  for await (const change of changes) yield change.kind === 'changed' ? readRecord(change.record, reader) : change;
}
