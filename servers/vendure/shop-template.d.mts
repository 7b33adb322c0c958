/** A running shop. */
export interface Shop {
  /** URL of the Admin API. */
  readonly url: string;
  /** Id of the server's process. */
  readonly pid: number;
  /** Ends the server; done when its process has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Puts a seeded shop into a folder and gives the path of its database. The first call on a machine takes about half a
 * minute, the next ones a copy. Processes that call at the same time share one seed.
 * @throws Error when the server does not start or refuses the seed.
 */
export function seededShop(options: {
  /** Created where it is missing. */
  readonly directory: string;
  /** File name; `shop.sqlite` unless given. */
  readonly name?: string;
}): Promise<string>;

/**
 * Starts the server on a database in a process of its own, which ends with this one.
 * The administrator is `superadmin` with the password `superadmin`.
 * @throws Error when the server ends before it is ready.
 */
export function startShop(options: {
  readonly database: string;
  /** 0 or nothing for a free one. */
  readonly port?: number;
}): Promise<Shop>;
