/** A value that a call once gave. */
export interface LastValue {
  /** Any JSON value. */
  readonly value: unknown;
  /** When it was given, Unix milliseconds. */
  readonly at: number;
}

/**
 * The last good answers of calls that may fall back on them. `@mortise/store` keeps them encrypted.
 * Both methods reject with a ConnectorError where the state cannot be read or written.
 */
export interface LastValueStore {
  readonly read: (connection: string, key: string) => Promise<LastValue | undefined>;
  readonly save: (connection: string, key: string, value: LastValue) => Promise<void>;
}
