import { type Clock, connectorError } from '@mortise/runtime';
import type { Accepted, Delivery, DeliveryTurn, Inbox, TakenDelivery, TakeRequest } from '@mortise/runtime/webhooks';
import { doesNotOpen } from './encryption/records.ts';
import type { Sealer } from './encryption/sealer.ts';
import {
  deliveryOfTurn,
  finishDelivery,
  firstOfSubject,
  freeDeliveries,
  growInbox,
  holdDelivery,
  inboxSize,
  insertDelivery,
  knownDelivery,
  leaseDelivery,
  type NewDelivery,
  promoteNext,
  purgeDeliveries,
  type StoredDelivery,
} from './queries/deliveries.ts';
import type { Session, SqliteDatabase } from './sqlite/database.ts';

/** How much an inbox keeps, and for how long. Each has a default. */
export interface InboxLimits {
  /** Deliveries that may wait for one connection: 100,000 unless given. */
  readonly deliveries?: number;
  /** Bytes of their bodies as sealed: 256 MiB unless given. */
  readonly bytes?: number;
  /**
   * How long the key of a delivery whose work is done stays known, milliseconds: 7 days unless given. Must be longer than
   * the vendor repeats a delivery: Stripe for 3 days, Standard Webhooks for 75.6 hours.
   */
  readonly retentionMs?: number;
}

/** What the inbox is made of. */
export interface InboxParts {
  readonly database: SqliteDatabase;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly limits: InboxLimits;
}

const day = 24 * 60 * 60_000;
const defaults = { deliveries: 100_000, bytes: 256 * 1024 * 1024, retentionMs: 7 * day } as const;

/** Bytes that may wait in memory for their commit; beyond it the inbox counts as full. */
const mostPending = 64 * 1024 * 1024;

/** No sync is without a name: the place of no record is equal to this. */
const placeOf = ({ connection, key }: { connection: string; key: string }): string =>
  `${connection}\n\ndelivery ${key}`;

const wholeNumber = (value: number | undefined): number | null => {
  const whole = Math.trunc(value ?? Number.NaN);
  return Number.isSafeInteger(whole) ? whole : null;
};

interface Batch {
  readonly rows: readonly NewDelivery[];
  readonly bytes: number;
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Deliveries in the store's own file, bodies sealed. */
export const createInbox = (parts: InboxParts): Inbox => {
  const { database, sealer, clock } = parts;
  return {
    accept: createAccept(parts),
    take: async (request) => {
      const { connection } = request;
      // Most looks find nothing, and must not keep others from writing.
      const peek = await database.read(freeDeliveries(connection, { now: clock.now(), limit: 1 }));
      if (peek.length === 0) return [];
      const rows = await database.exclusively((session) => leaseRows(session, { ...request, now: clock.now() }));
      return rows.map((row) => takenOf(row, sealer));
    },
    done: (turns) => database.exclusively((session) => finish(session, { turns, parts })),
    hold: (turns, until) => database.transact(turns.map((turn) => holdDelivery(turn, Math.trunc(until)))),
    size: async (connection) => (await database.read(inboxSize(connection)))[0] ?? { deliveries: 0, bytes: 0 },
  };
};

/**
 * Requests that come at the same time share one commit that waits for the disk: a commit for each would be all that a
 * slow disk can do.
 */
const createAccept = (parts: InboxParts): Inbox['accept'] => {
  const { database, clock, limits } = parts;
  let batches: Batch[] = [];
  let pending = 0;
  const commit = async (): Promise<void> => {
    const together = batches;
    batches = [];
    try {
      const before = Math.trunc(clock.now()) - (limits.retentionMs ?? defaults.retentionMs);
      const results = await database.durably((session) => {
        const accepted = together.map(({ rows }) => keep(session, { rows, limits }));
        session.run(purgeDeliveries(before));
        return accepted;
      });
      together.forEach(({ resolve }, index) => {
        resolve(results[index] ?? 'full');
      });
    } catch (thrown) {
      for (const { reject } of together) reject(thrown);
    } finally {
      for (const { bytes } of together) pending -= bytes;
    }
  };
  return async (deliveries) => {
    const rows = rowsOf(deliveries, parts.sealer);
    const bytes = bytesOf(rows);
    if (pending > 0 && pending + bytes > mostPending) return 'full';
    pending += bytes;
    return new Promise((resolve, reject) => {
      batches.push({ rows, bytes, resolve, reject });
      if (batches.length === 1) clock.schedule(() => void commit(), 0);
    });
  };
};

const bytesOf = (rows: readonly NewDelivery[]): number => rows.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);

/** The rows of one request, each key once. */
const rowsOf = (deliveries: readonly Delivery[], sealer: Sealer): readonly NewDelivery[] => {
  const rows = new Map<string, NewDelivery>();
  for (const { connection, key, topic, subject, receivedAt, occurredAt, body } of deliveries) {
    if (connection !== deliveries[0]?.connection || connection.includes('\n')) {
      throw connectorError('internal', 'deliveries of one request must belong to one connection without a line feed');
    }
    if (rows.has(key)) continue;
    rows.set(key, {
      ...{ connection, key, topic, subject: subject ?? null, received_at: Math.trunc(receivedAt) },
      ...{ occurred_at: wholeNumber(occurredAt), body: sealer.seal(body, placeOf({ connection, key })) },
      head: 1,
    });
  }
  return [...rows.values()];
};

/** Keeps the new ones of a request's rows: all of them, or none. */
const keep = (session: Session, { rows, limits }: { rows: readonly NewDelivery[]; limits: InboxLimits }): Accepted => {
  const fresh = rows.filter(({ connection, key }) => session.read(knownDelivery(connection, key)).length === 0);
  const [first] = fresh;
  if (first === undefined) return 'duplicate';
  const { connection } = first;
  const size = session.read(inboxSize(connection))[0] ?? { deliveries: 0, bytes: 0 };
  const growth = { deliveries: fresh.length, bytes: bytesOf(fresh) };
  const { deliveries = defaults.deliveries, bytes = defaults.bytes } = limits;
  if (size.deliveries + growth.deliveries > deliveries || size.bytes + growth.bytes > bytes) return 'full';
  for (const row of fresh) {
    const isBehind = row.subject !== null && session.read(firstOfSubject(connection, row.subject)).length > 0;
    session.run(insertDelivery({ ...row, head: isBehind ? 0 : 1 }));
  }
  session.run(growInbox(connection, growth));
  return 'new';
};

const leaseRows = (
  session: Session,
  { connection, limit, leaseMs, now }: TakeRequest & { readonly now: number },
): StoredDelivery[] => {
  const rows = session.read(freeDeliveries(connection, { now, limit }));
  for (const { id } of rows) session.run(leaseDelivery(id, Math.trunc(now + leaseMs)));
  return rows.map((row) => ({ ...row, tries: row.tries + 1 }));
};

const takenOf = (row: StoredDelivery, sealer: Sealer): TakenDelivery => {
  const { id, connection, key, topic, tries } = row;
  const body = row.body === null ? undefined : sealer.openBytes(row.body, placeOf(row));
  if (body === undefined) throw doesNotOpen(`delivery ${id} of connection ${connection}`);
  return {
    ...{ id, connection, key, topic, tries, body },
    ...{ subject: row.subject ?? undefined, receivedAt: row.received_at, occurredAt: row.occurred_at ?? undefined },
  };
};

const finish = (session: Session, { turns, parts }: { turns: readonly DeliveryTurn[]; parts: InboxParts }): void => {
  const at = Math.trunc(parts.clock.now());
  for (const turn of turns) {
    const row = session.read(deliveryOfTurn(turn))[0];
    if (row === undefined) continue; // done already, or somebody else's by now
    session.run(finishDelivery(turn.id, at));
    if (row.subject !== null) session.run(promoteNext(row.connection, row.subject));
    session.run(growInbox(row.connection, { deliveries: -1, bytes: -row.bytes }));
  }
  session.run(purgeDeliveries(at - (parts.limits.retentionMs ?? defaults.retentionMs)));
};
