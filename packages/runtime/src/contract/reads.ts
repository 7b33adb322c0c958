import { type FallbackRead, withFallback } from '../resilience/fallback.ts';
import { emit } from '../telemetry/sink.ts';
import type { CallOptions, FindRequest, ListedPage, ListRequest, Page, RejectedRecord } from './operations.ts';
import type { ErasedOperations } from './resource.ts';
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

type Reads = Pick<WireOperations, 'list' | 'get' | 'find' | 'deletions'>;

/** The reads that a resource has: what they give has passed its schema. */
export const readOperations = ({ given, parse, perform, binding, keyOf }: ReadParts): Reads => {
  const { list, get, find, deletions } = given;
  const paged =
    <Item>(operation: string, start: (call: AnyCall, request: ListRequest) => AsyncIterable<Item>) =>
    (request: ListRequest & CallOptions = {}) =>
      completeErrors(() => start(callFor(binding, operation, request), request), { binding, operation });
  const one = (place: { operation: string; argument: string }, options: ReadOptions | undefined, run: ReadOnce) => {
    const { operation } = place;
    const read = () => perform(operation, () => run(callFor(binding, operation, options)));
    return options?.fallback === undefined ? read() : answered({ ...place, binding, options }, read);
  };
  return {
    ...(list && { list: paged('list', (call, request) => parsedPages(list(call, request), { parse, keyOf })) }),
    ...(deletions && { deletions: paged('deletions', deletions) }),
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

/** Answers otherwise where the read fails for a time, and says so. */
const answered = (
  place: { operation: string; argument: string; binding: ResourceBinding; options: ReadOptions },
  read: () => Promise<unknown>,
) => {
  const { binding, argument, options } = place;
  const { connector, connection, clock, events, lastValues } = binding;
  const operation = `${binding.name}.${place.operation}`;
  const { fallback = 'stale', maxAgeMs } = options;
  const tell: FallbackRead['tell'] = ({ source, ageMs }, { code }) => {
    if (source === 'live') return;
    emit(events, { type: 'fallback-used', at: clock.now(), connector, connection, operation, source, code, ageMs });
  };
  const key = `${operation}\n${argument}`;
  return withFallback({ fallback, maxAgeMs, connection, key, lastValues, clock, tell }, read);
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
    yield { ...page, records, rejected };
  }
}
