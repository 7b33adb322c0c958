import type { Clock, TokenStore } from '@mortise/runtime';
import { doesNotOpen } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import type { SqliteDatabase } from '../sqlite/database.ts';
import { builder } from './schema.ts';
import { statementOf } from './statement.ts';

/** Tokens of connections, each sealed for its connection. */
export const createTokens = ({
  database,
  sealer,
  clock,
}: {
  readonly database: SqliteDatabase;
  readonly sealer: Sealer;
  readonly clock: Clock;
}): TokenStore => ({
  read: async (connection) => {
    const query = builder.selectFrom('token').select('sealed').where('connection', '=', connection);
    const [row] = await database.read(statementOf(query));
    if (!row) return undefined;
    const token = sealer.open(row.sealed, connection);
    if (token === undefined) throw doesNotOpen(`the token of connection ${connection}`);
    return token;
  },
  save: async (connection, token, { fence } = {}) => {
    const row = { sealed: sealer.seal(token, connection), at: Math.trunc(clock.now()) };
    const query = builder
      .insertInto('token')
      .values({ connection, ...row, fence: fence ?? 0 })
      .onConflict((conflict) => {
        const target = conflict.column('connection');
        // Without a fence it is a decision of the host's, which holds against every lease.
        if (fence === undefined) return target.doUpdateSet(row);
        return target.doUpdateSet({ ...row, fence }).where('token.fence', '<=', fence);
      })
      .returning('connection');
    const saved = await database.exclusively(({ read }) => read(statementOf(query)));
    return saved.length > 0;
  },
  remove: async (connection) => {
    const query = builder.deleteFrom('token').where('connection', '=', connection).returning('connection');
    const removed = await database.exclusively(({ read }) => read(statementOf(query)));
    return removed.length > 0;
  },
});
