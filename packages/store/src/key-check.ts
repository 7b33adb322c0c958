import { connectorError } from '@mortise/runtime';
import { doesNotOpen } from './encryption/records.ts';
import type { Sealer } from './encryption/sealer.ts';
import { builder } from './queries/schema.ts';
import { statementOf } from './queries/statement.ts';
import type { SqliteDatabase } from './sqlite/database.ts';

const place = 'mortise key check';

/**
 * Makes sure that the file was written with this key; the first open notes the key.
 * @throws ConnectorError `state-refused` when it was written with another one.
 */
export const checkKey = async (
  database: SqliteDatabase,
  { sealer, path }: { readonly sealer: Sealer; readonly path: string },
): Promise<void> => {
  const select = statementOf(builder.selectFrom('key_check').selectAll());
  const row =
    (await database.read(select))[0] ??
    (await database.exclusively((session) => {
      const fresh = { one: 1, key_id: sealer.keyId, sealed: sealer.seal(place, place) };
      session.run(
        statementOf(
          builder
            .insertInto('key_check')
            .values(fresh)
            .onConflict((conflict) => conflict.doNothing()),
        ),
      );
      return session.read(select)[0]; // another process may have been first
    }));
  if (row?.key_id !== sealer.keyId) {
    throw connectorError(
      'state-refused',
      `state file ${path} was written with another key: set MORTISE_KEY to the key that wrote it; nothing was changed`,
    );
  }
  if (sealer.open(row.sealed, place) === undefined) throw doesNotOpen(`the key check of state file ${path}`);
};
