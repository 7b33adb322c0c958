import { type ListRequest, readField, type SubscribedChange, type SubscribeRequest } from '@mortise/runtime';
import type { CatchUp } from '@mortise/runtime/realtime';
import { changedItems } from './changed-items.ts';
import { askedFields, type Collection, toRecord } from './collection.ts';
import { removedItems } from './removed-items.ts';
import type { Table } from './table.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** How far before the newest stamp a catch-up starts: stamps are the server's, and come in the order of commits. */
const overlapMs = 10_000 + granularityMs + lagMs;

const removed = (key: unknown): readonly SubscribedChange[] =>
  typeof key === 'string' || typeof key === 'number' ? [{ kind: 'removed', id: String(key) }] : [];

/** A GraphQL event: `key`, `event`, and `data`, which is null after a removal. */
const graphqlChanges = (event: unknown, collection: Collection): readonly SubscribedChange[] => {
  const mutated = readField(event, `${collection.name}_mutated`);
  if (readField(mutated, 'event') === 'delete') return removed(readField(mutated, 'key'));
  const row = readField(mutated, 'data');
  // Null besides: the row was removed, or hidden by its policy, before the server could read it.
  return row === null || row === undefined ? [] : [{ kind: 'changed', record: toRecord(row, collection) }];
};

/** A message of the plain WebSocket: `data` is a list of rows, and of keys after a removal. */
const socketChanges = (message: unknown, collection: Collection): readonly SubscribedChange[] => {
  const data = readField(message, 'data');
  const rows: readonly unknown[] = Array.isArray(data) ? data : [];
  if (readField(message, 'event') === 'delete') return rows.flatMap(removed);
  return rows.map((row) => ({ kind: 'changed', record: toRecord(row, collection) }));
};

/** One subscription for each kind: without a kind the server would send all rows first. */
const socketMessages = (collection: Collection) =>
  ['create', 'update', 'delete'].map((event) => ({
    type: 'subscribe',
    collection: collection.name,
    event,
    uid: event,
    ...(event !== 'delete' && { query: { fields: askedFields(collection), limit: -1 } }),
  }));

const documentOf = (collection: Collection): string =>
  `subscription Mutated { ${collection.name}_mutated { key event data { ${askedFields(collection).join(' ')} } } }`;

const stampOf = (record: unknown): number | undefined => {
  const stamp = readField(record, 'changed_at');
  const at = typeof stamp === 'string' ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};

const keyOf = (change: SubscribedChange): string | undefined => {
  const id = change.kind === 'removed' ? change.id : readField(change.record, 'id');
  return typeof id === 'string' ? id : undefined;
};

const catchUpOf = (table: Table, from: Date | undefined): CatchUp<SubscribedChange> => ({
  from,
  read: async function* (since) {
    const request: ListRequest = since === undefined ? {} : { since };
    // Without a start nothing is known that could be gone.
    if (table.call.settings.catchUpRemovals && since !== undefined) {
      for await (const { ids } of removedItems(table, request)) yield* ids.flatMap(removed);
    }
    for await (const { records } of changedItems(table, request)) {
      for (const record of records) yield { kind: 'changed', record };
    }
  },
  keyOf,
  changedAt: (change) => (change.kind === 'changed' ? stampOf(change.record) : undefined),
  versionOf: (change) => (change.kind === 'changed' ? JSON.stringify(change.record) : 'removed'),
  overlapMs,
});

/** Live changes of a collection, caught up after each connection: Directus replays nothing. */
export const liveItems = (table: Table, { since }: SubscribeRequest): AsyncIterable<SubscribedChange> => {
  const catchUp = catchUpOf(table, since);
  const { graphqlWs, websocket } = table.call.transports;
  if (table.call.settings.realtime === 'websocket') {
    const messages = socketMessages(table.collection);
    return websocket.subscribe({ messages, items: (event) => socketChanges(event, table.collection), catchUp });
  }
  const document = documentOf(table.collection);
  return graphqlWs.subscribe({ document, items: (event) => graphqlChanges(event, table.collection), catchUp });
};
