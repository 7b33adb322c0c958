/** A lock that is held until it is released, or until its time is over. Releasing rejects with a ConnectorError. */
export interface Lease {
  /** Grows with every lease of one name: what is written under an older lease is refused. */
  readonly fence: number;
  /** Gives the lock back. A lease that somebody else took over meanwhile is left alone. */
  readonly release: () => Promise<void>;
}

/**
 * Locks shared by every process that uses one store. `@mortise/store` keeps them; a host may bring its own. Taking one
 * rejects with a ConnectorError where the state cannot be read or written.
 */
export interface LockStore {
  /**
   * Takes the lock of that name for so many milliseconds, or gives undefined while somebody else holds it. Does not
   * wait.
   */
  readonly take: (name: string, ttlMs: number) => Promise<Lease | undefined>;
}
