import { DatabaseSync } from 'node:sqlite';

/**
 * Spreads the change stamps of a shop that was filled in a minute over hours, as they lie in a shop that lived: else
 * the overlap of the windows, a few seconds, would read again much of what a careless engine forgets.
 */
export const spreadStamps = (database: string): void => {
  const file = new DatabaseSync(database);
  for (const table of ['customer', 'product_variant', 'order']) {
    file.exec(`UPDATE "${table}" SET updatedAt = datetime(updatedAt, '-' || id || ' minutes')`);
  }
  file.close();
};
