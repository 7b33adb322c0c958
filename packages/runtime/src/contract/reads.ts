import type {
  CallOptions,
  Change,
  ListedPage,
  ListRequest,
  Page,
  RejectedRecord,
  SubscribedChange,
} from './operations.ts';
import type { ErasedOperations } from './resource.ts';
import {
  type AnyCall,
  callFor,
  errorOf,
  type OperationPlace,
  type Parse,
  type Perform,
  parsedOrThrown,
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

type Reads = Pick<WireOperations, 'list' | 'get' | 'find' | 'deletions' | 'subscribe'>;

/** The reads that a resource has: what they give has passed its schema. */
export const readOperations = ({ given, parse, perform, binding, keyOf }: ReadParts): Reads => {
  const { list, get, find, deletions, subscribe } = given;
  const streamed =
    <Item>(operation: string, start: (call: AnyCall, request: ListRequest) => AsyncIterable<Item>) =>
    (request: ListRequest & CallOptions = {}) =>
      completeErrors(() => start(callFor(binding, operation, request), request), { binding, operation });
  return {
    ...(list && { list: streamed('list', (call, request) => parsedPages(list(call, request), { parse, keyOf })) }),
    ...(deletions && { deletions: streamed('deletions', deletions) }),
    ...(subscribe && {
      subscribe: streamed('subscribe', (call, request) => parsedChanges(subscribe(call, request), { parse, keyOf })),
    }),
    ...(get && {
      get: (id: string, options?: CallOptions) =>
        perform('get', async (call) => parsedOrThrown(parse, await get(call, id)), options),
    }),
    ...(find && {
      find: (request: { field: string; value: string }, options?: CallOptions) =>
        perform(
          'find',
          async (call) => {
            const found = await find(call, request);
            return found === undefined || found === null ? undefined : parsedOrThrown(parse, found);
          },
          options,
        ),
    }),
  };
};

/** Runs a generator and completes what it throws, as `perform` does for promises. */
async function* completeErrors<Item>(start: () => AsyncIterable<Item>, place: OperationPlace): AsyncGenerator<Item> {
  try {
    yield* start();
  } catch (thrown) {
    throw errorOf(thrown, place);
  }
}

/** A record that does not fit is put aside with its issues, and the page goes on. */
async function* parsedPages(
  pages: AsyncIterable<ListedPage>,
  { parse, keyOf }: Pick<ReadParts, 'parse' | 'keyOf'>,
): AsyncGenerator<Page<unknown>> {
  for await (const page of pages) {
    const records: unknown[] = [];
    const rejected: RejectedRecord[] = [];
    for (const record of page.records) {
      const parsed = parse(record);
      if (parsed.ok) records.push(parsed.value);
      else rejected.push({ key: keyOf(record), issues: parsed.issues, record });
    }
    yield { records, rejected, next: page.next, total: page.total };
  }
}

/** A changed record that does not fit is told as such, and the subscription goes on. */
async function* parsedChanges(
  changes: AsyncIterable<SubscribedChange>,
  { parse, keyOf }: Pick<ReadParts, 'parse' | 'keyOf'>,
): AsyncGenerator<Change<unknown>> {
  for await (const change of changes) yield change.kind === 'removed' ? change : readChange(change, { parse, keyOf });
}

/** A changed record read one step further. */
export const readChange = (
  { record }: { readonly record: unknown },
  { parse, keyOf }: Pick<ReadParts, 'parse' | 'keyOf'>,
): Change<unknown> => {
  const parsed = parse(record);
  if (parsed.ok) return { kind: 'changed', record: parsed.value };
  return { kind: 'rejected', rejected: { key: keyOf(record), issues: parsed.issues, record } };
};
