import type { Selectable } from 'kysely';
import { builder, type DeliveryRow } from './schema.ts';
import { type Statement, statementOf } from './statement.ts';

/** A delivery as it is written: the database gives the rest. */
export type NewDelivery = Pick<
  DeliveryRow,
  'connection' | 'key' | 'topic' | 'subject' | 'received_at' | 'occurred_at' | 'body' | 'head'
>;

/** A delivery as it is kept. */
export type StoredDelivery = Selectable<DeliveryRow>;

const known = statementOf(
  builder.selectFrom('delivery').select('id').where('connection', '=', '').where('key', '=', ''),
);

/** The row of a key, whether or not its work is done. */
export const knownDelivery = (connection: string, key: string): typeof known => ({
  ...known,
  parameters: [connection, key],
});

const blank: NewDelivery = {
  ...{
    connection: '',
    key: '',
    topic: '',
    subject: '',
    received_at: 0,
    occurred_at: 0,
    body: new Uint8Array(),
    head: 1,
  },
};
const insert = statementOf(builder.insertInto('delivery').values(blank));

/** Writes one delivery. */
export const insertDelivery = (row: NewDelivery): Statement => {
  const { connection, key, topic, subject, received_at, occurred_at, body, head } = row;
  return { sql: insert.sql, parameters: [connection, key, topic, subject, received_at, occurred_at, body, head] };
};

const first = builder
  .selectFrom('delivery')
  .select('id')
  .where('connection', '=', '')
  .where('subject', '=', '')
  .where('done_at', 'is', null)
  .orderBy('id')
  .limit(1);
const firstOf = statementOf(first);

/** The oldest delivery of a subject whose work is to be done. */
export const firstOfSubject = (connection: string, subject: string): typeof firstOf => ({
  ...firstOf,
  parameters: [connection, subject, 1],
});

const promote = statementOf(
  builder
    .updateTable('delivery')
    .set({ head: 1 })
    .where('id', '=', () => first),
);

/** Lets the next delivery of a subject be handed out. */
export const promoteNext = (connection: string, subject: string): Statement => ({
  sql: promote.sql,
  parameters: [1, connection, subject, 1],
});

const free = statementOf(
  builder
    .selectFrom('delivery')
    .selectAll()
    .where('connection', '=', '')
    // A number in the text: the index of heads is used only where the text says that it fits.
    .where(({ eb, lit }) => eb('head', '=', lit(1)))
    .where('leased_until', '<=', 0)
    .orderBy('id')
    .limit(1),
);

/** The oldest deliveries that nobody holds at that time and that stand behind no other of their subject. */
export const freeDeliveries = (connection: string, { now, limit }: { now: number; limit: number }): typeof free => ({
  ...free,
  parameters: [connection, now, limit],
});

const lease = statementOf(
  builder
    .updateTable('delivery')
    .set(({ eb }) => ({ leased_until: 0, tries: eb('tries', '+', 1) }))
    .where('id', '=', 0),
);

/** Hands a delivery out until that time. */
export const leaseDelivery = (id: number, until: number): Statement => ({ sql: lease.sql, parameters: [until, 1, id] });

/** Only this handing out of a delivery, and only while it is not done. */
const ofTurn = (turn: { readonly id: number; readonly tries: number }) => [turn.id, turn.tries] as const;

const open = statementOf(
  builder
    .selectFrom('delivery')
    .select(['connection', 'subject', ({ fn }) => fn<number>('length', ['body']).as('bytes')])
    .where('id', '=', 0)
    .where('tries', '=', 0)
    .where('done_at', 'is', null),
);

/** Where a delivery belongs and what it takes, when its work is this turn's. */
export const deliveryOfTurn = (turn: { readonly id: number; readonly tries: number }): typeof open => ({
  ...open,
  parameters: ofTurn(turn),
});

const finish = statementOf(
  builder.updateTable('delivery').set({ body: null, done_at: 0, head: 0 }).where('id', '=', 0),
);

/** Notes that the work is done and drops the body. */
export const finishDelivery = (id: number, at: number): Statement => ({
  sql: finish.sql,
  parameters: [null, at, 0, id],
});

const hold = statementOf(
  builder
    .updateTable('delivery')
    .set({ leased_until: 0 })
    .where('id', '=', 0)
    .where('tries', '=', 0)
    .where('done_at', 'is', null),
);

/** Keeps a delivery of this turn away from others until that time. */
export const holdDelivery = (turn: { readonly id: number; readonly tries: number }, until: number): Statement => ({
  sql: hold.sql,
  parameters: [until, ...ofTurn(turn)],
});

/** Rows purged at once: more than come in by the same transaction, so that none stays. */
const mostPurged = 200;

const purge = statementOf(
  builder
    .deleteFrom('delivery')
    .where('id', 'in', (query) =>
      query
        .selectFrom('delivery')
        .select('id')
        .where('done_at', 'is not', null)
        .where('done_at', '<', 0)
        .limit(mostPurged),
    ),
);

/** Forgets keys whose work was done before that time. */
export const purgeDeliveries = (before: number): Statement => ({ sql: purge.sql, parameters: [before, mostPurged] });

const size = statementOf(builder.selectFrom('inbox_size').select(['deliveries', 'bytes']).where('connection', '=', ''));

/** How much waits for a connection. */
export const inboxSize = (connection: string): typeof size => ({ ...size, parameters: [connection] });

const grow = statementOf(
  builder
    .insertInto('inbox_size')
    .values({ connection: '', deliveries: 0, bytes: 0 })
    .onConflict((conflict) =>
      conflict.column('connection').doUpdateSet(({ eb, ref }) => ({
        deliveries: eb('inbox_size.deliveries', '+', ref('excluded.deliveries')),
        bytes: eb('inbox_size.bytes', '+', ref('excluded.bytes')),
      })),
    ),
);

/** Adds to what waits for a connection; negative numbers take away. */
export const growInbox = (
  connection: string,
  { deliveries, bytes }: { deliveries: number; bytes: number },
): Statement => ({
  sql: grow.sql,
  parameters: [connection, deliveries, bytes],
});
