import type { Clock, TokenStore } from '@mortise/runtime';
import { doesNotOpen } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import { builder } from './schema.ts';
import { type Database, statementOf } from './statement.ts';

/** Tokens of connections, each sealed for its connection. */
export const createTokens = ({
  database,
  sealer,
  clock,
}: {
  readonly database: Database;
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
  save: async (connection, token) => {
    const row = { sealed: sealer.seal(token, connection), at: Math.trunc(clock.now()) };
    const query = builder
      .insertInto('token')
      .values({ connection, ...row })
      .onConflict((conflict) => conflict.column('connection').doUpdateSet(row));
    await database.transact([statementOf(query)]);
    return true;
  },
  remove: async (connection) => {
    await database.transact([statementOf(builder.deleteFrom('token').where('connection', '=', connection))]);
  },
});
