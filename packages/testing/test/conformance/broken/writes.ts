import { connectorError, type ItemOutcome, isConnectorError, type ListRequest, readField } from '@mortise/runtime';
import {
  type Call,
  create,
  deletions,
  list,
  search,
  sendBatch,
  update,
  upsert,
  type WrittenThing,
} from '../reference/connector.ts';
import { type Pages, variation, withList } from './variation.ts';

type Outcomes = readonly ItemOutcome<unknown>[];

type Run = (call: Call, things: readonly WrittenThing[]) => Promise<Outcomes>;

const withUpsert = (changed: { readonly run?: Run; readonly max?: number }) =>
  variation({ operations: { upsert: { ...upsert, ...changed } } });

/** SKUs that were written before, by vendor. */
const remembering = () => {
  const written = new Set<string>();
  return ({ settings }: Call, things: readonly WrittenThing[]): boolean => {
    const names = things.map(({ sku }) => `${settings.baseUrl} ${sku}`);
    const isKnown = names.some((name) => written.has(name));
    for (const name of names) written.add(name);
    return isKnown;
  };
};

/** Creates where it should update. */
const createsAgain = (): Run => {
  const isKnown = remembering();
  return (call, things) => sendBatch(call, things, { plain: isKnown(call, things) });
};

/** Looks before its first write alone, so that the same request sent twice makes two. */
const createsFirst = (): Run => {
  const isKnown = remembering();
  return (call, things) => sendBatch(call, things, { plain: !isKnown(call, things) });
};

const refusedTogether: Run = async (call, things) => {
  const outcomes = await sendBatch(call, things);
  const error = connectorError('invalid-request', 'the batch is refused');
  return outcomes.every(({ ok }) => ok) ? outcomes : outcomes.map(() => ({ ok: false, error }));
};

const spaced: Run = async (call, things) =>
  (await sendBatch(call, things)).map((outcome) =>
    outcome.ok
      ? { ...outcome, record: { ...Object(outcome.record), name: `${readField(outcome.record, 'name')} ` } }
      : outcome,
  );

async function* withGhosts(pages: Pages, call: Call): Pages {
  yield* pages;
  const stamp = new Date(0).toISOString();
  const ghost = (id: string) => ({ id, sku: 'gone', name: 'gone', createdAt: stamp, changedAt: stamp });
  for await (const { ids } of deletions(call, {})) if (ids.length > 0) yield { records: ids.map(ghost) };
}

/** Broken in how they write, and in what they tell of deletions. */
export const brokenWrites = {
  'written-once': () => withUpsert({ run: createsAgain() }),
  'outcomes-in-order': () => withUpsert({ run: async (call, things) => (await sendBatch(call, things)).toReversed() }),
  'partial-failure-per-record': () => withUpsert({ run: refusedTogether }),
  'batches-cut-to-size': () => withUpsert({ max: 10 }),
  'lost-answer-makes-no-duplicate': () => withUpsert({ run: createsFirst() }),
  'unknown-outcome-resolved': () =>
    variation({
      operations: {
        create: {
          ...create,
          effect: 'idempotent',
          run: (call: Call, things: readonly WrittenThing[]) =>
            sendBatch(call, things, { plain: true, effect: 'idempotent' }),
        },
      },
    }),
  'outcome-is-what-is-read': () => withUpsert({ run: spaced }),
  'find-by-key': () => variation({ operations: { find: async () => undefined }, without: ['create'] }),
  'find-is-exact': () =>
    variation({
      operations: { find: async (call: Call, { value }: { value: string }) => (await search(call, value))[0] },
    }),
  'update-changes-what-it-names': () =>
    variation({
      operations: {
        update: {
          ...update,
          run: (call: Call, { id, change }: { id: string; change: object }) =>
            update.run(call, { id, change: { price: null, ...change } }),
        },
      },
    }),
  'remove-removes': () => variation({ operations: { remove: { effect: 'idempotent', run: async () => {} } } }),
  'deletions-told': () =>
    variation({
      operations: {
        deletions: async function* (call: Call, request: ListRequest) {
          for await (const _page of deletions(call, request)) yield { ids: [] };
        },
      },
    }),
  'deletions-truthful': () =>
    variation({
      operations: {
        deletions: async function* (call: Call, request: ListRequest) {
          yield* deletions(call, request);
          // What lies outside the window is no deletion.
          for await (const { records } of list(call, {}))
            yield { ids: records.map((each) => `${readField(each, 'id')}`) };
        },
      },
    }),
  'cut-deletions-refused': () =>
    variation({
      operations: {
        deletions: async function* (call: Call, request: ListRequest) {
          try {
            yield* deletions(call, request);
          } catch (thrown) {
            if (!isConnectorError(thrown) || thrown.code !== 'truncated') throw thrown;
          }
        },
      },
    }),
  'deleted-not-listed': () =>
    withList((pages, { call, request }) =>
      request.since === undefined && request.pageSize === undefined ? withGhosts(pages, call) : pages,
    ),
};
