import type { Clock, LockStore } from '@mortise/runtime';
import type { SqliteDatabase } from '../sqlite/database.ts';
import { builder } from './schema.ts';
import { statementOf } from './statement.ts';

/** Takes a lock that is free or whose lease is over; its fence grows by one. No row comes back while it is held. */
const takeQuery = (name: string, { now, until }: { readonly now: number; readonly until: number }) =>
  statementOf(
    builder
      .insertInto('lock')
      .values({ name, fence: 1, until })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet(({ eb }) => ({ fence: eb('lock.fence', '+', 1), until }))
          .where('lock.until', '<=', now),
      )
      .returning('fence'),
  );

/** Only of the lease that is meant: who has taken it over meanwhile keeps it. */
const releaseQuery = (name: string, fence: number) =>
  statementOf(builder.updateTable('lock').set({ until: 0 }).where('name', '=', name).where('fence', '=', fence));

/** Locks of every process that has the file open. Leases end by wall time, so that a suspended holder loses them. */
export const createLocks = ({
  database,
  clock,
}: {
  readonly database: SqliteDatabase;
  readonly clock: Clock;
}): LockStore => ({
  take: async (name, ttlMs) => {
    const [row] = await database.exclusively(({ read }) => {
      // Read inside the transaction: waiting for the file may have taken a while.
      const now = Math.trunc(clock.now());
      return read(takeQuery(name, { now, until: now + Math.ceil(ttlMs) }));
    });
    if (row === undefined) return undefined;
    const { fence } = row;
    return { fence, release: () => database.transact([releaseQuery(name, fence)]) };
  },
});
