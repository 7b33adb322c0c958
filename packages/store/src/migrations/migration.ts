/** One step of the schema. Once released it is never changed: what must change becomes the next one. */
export interface Migration {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly name: string;
  /** SQL statements, run in order in one transaction. */
  readonly statements: readonly string[];
}
