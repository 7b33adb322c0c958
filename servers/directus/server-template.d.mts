/** A running Directus. */
export interface Directus {
  /** Origin, such as `http://127.0.0.1:8055`. */
  readonly url: string;
  /** Id of the process that leads the group of server and database. */
  readonly pid: number;
  /** Where its PostgreSQL listens on loopback, for `openDatabase`. */
  readonly databasePort: number;
  /** Ends server and database; done when their processes have ended. */
  readonly stop: () => Promise<void>;
  /** Kills the server with SIGKILL, as a crash does; the database ends behind it. Its data can be started again. */
  readonly kill: () => Promise<void>;
}

/** The administrator of every seeded server: login, and a static token. */
export const ADMINISTRATOR: { readonly email: string; readonly password: string; readonly token: string };

/**
 * Puts a seeded Directus into a folder and gives the folder: collections `items` and `stock_levels`, 50 rows each, all
 * with `date_updated` null. The first call on a machine takes about half a minute, the next ones a copy. Processes that
 * call at the same time share one seed.
 * @throws Error when the server does not start or refuses the seed.
 */
export function seededDirectus(options: {
  /** Created where it is missing. */
  readonly directory: string;
}): Promise<string>;

/**
 * Starts PostgreSQL and Directus in a process group of their own, which ends with this process.
 * @throws Error when the server ends before it is ready.
 */
export function startDirectus(options: {
  readonly data: string;
  /** 0 or nothing for a free one. */
  readonly port?: number;
  /** How long access tokens of a login live, such as `3s`; 15 minutes unless given. */
  readonly accessTokenTtl?: string;
  /** Most rows that a request may ask for; no limit unless given. */
  readonly queryLimitMax?: number;
}): Promise<Directus>;
