import type { LastValueStore } from '@mortise/runtime';
import { doesNotOpen } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import { builder } from './schema.ts';
import { type Database, statementOf } from './statement.ts';

/**
 * Last good answers, each sealed for its connection and call. A call's key may name a person, as a look-up by e-mail
 * does: the table holds a keyed hash of it.
 */
export const createLastValues = ({
  database,
  sealer,
}: {
  readonly database: Database;
  readonly sealer: Sealer;
}): LastValueStore => {
  const placed = (connection: string, text: string) => {
    const key = sealer.hash(`${connection}\nlast value\n${text}`);
    return { key, place: `${connection}\nlast value ${key}` };
  };
  return {
    read: async (connection, text) => {
      const { key, place } = placed(connection, text);
      const query = builder.selectFrom('last_value').select(['sealed', 'at']);
      const found = query.where('connection', '=', connection).where('key', '=', key);
      const [row] = await database.read(statementOf(found));
      if (!row) return undefined;
      const value = sealer.open(row.sealed, place);
      if (value === undefined) throw doesNotOpen(`a last value of connection ${connection}`);
      return { value: JSON.parse(value), at: row.at };
    },
    save: async (connection, text, { value, at }) => {
      const { key, place } = placed(connection, text);
      const row = { sealed: sealer.seal(JSON.stringify(value ?? null), place), at: Math.trunc(at) };
      const query = builder
        .insertInto('last_value')
        .values({ connection, key, ...row })
        .onConflict((conflict) => conflict.columns(['connection', 'key']).doUpdateSet(row));
      await database.transact([statementOf(query)]);
    },
  };
};
