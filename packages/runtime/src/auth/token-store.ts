/** What saving a token may be bound to. */
export interface SaveOptions {
  /**
   * The fence of the lease under which the token was made. A token that was saved under a later lease stays: its holder
   * refreshed after this one, however late this one comes.
   */
  readonly fence?: number;
}

/**
 * Where the tokens of connections live between runs. `@mortise/store` keeps them encrypted; a host may bring its own.
 * Tokens are texts here because they are about to be encrypted; they never reach a log, an error or an event. Every
 * method rejects with a ConnectorError where the state cannot be read or written.
 */
export interface TokenStore {
  /** The token of a connection, or undefined when there is none. */
  readonly read: (connection: string) => Promise<string | undefined>;
  /** Keeps a token, replacing an older one. False where one saved under a later lease was kept instead. */
  readonly save: (connection: string, token: string, options?: SaveOptions) => Promise<boolean>;
  /** Removes a token. True where there was one: of two who remove it at the same time, one gets true. */
  readonly remove: (connection: string) => Promise<boolean>;
}
