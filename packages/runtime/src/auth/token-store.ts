/**
 * Where the tokens of connections live between runs. `@mortise/store` keeps them encrypted; a host may bring its own.
 * Tokens are texts here because they are about to be encrypted; they never reach a log, an error or an event.
 */
export interface TokenStore {
  /** The token of a connection, or undefined when there is none. */
  readonly read: (connection: string) => Promise<string | undefined>;
  /** Keeps a token, replacing an older one. */
  readonly save: (connection: string, token: string) => Promise<void>;
  readonly remove: (connection: string) => Promise<void>;
}
