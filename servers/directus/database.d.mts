/** A connection to the database of a Directus server. */
export interface Database {
  /** Runs one statement with values for its `$1`, `$2`, and gives its rows. Rejects with PostgreSQL's error. */
  readonly rows: (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the database of a server that has started, as its only user.
 * @throws Error when nobody listens there.
 */
export function openDatabase(options: {
  /** `databasePort` of the server. */
  readonly port: number;
}): Promise<Database>;
