import { connectorError } from '@mortise/runtime';
import type { Compilable } from 'kysely';

/** What a database keeps in a column. */
export type Value = string | number | null | Uint8Array;

/** SQL text with its parameters. `Row` is the type of the rows that it answers. */
export interface Statement<Row = unknown> {
  readonly sql: string;
  readonly parameters: readonly Value[];
  /** Never there: carries the type. */
  readonly row?: Row;
}

/** What the queries need of a database. */
export interface Database {
  /** Runs the statements in order in one transaction: all of them, or none. */
  readonly transact: (statements: readonly Statement[]) => Promise<void>;
  readonly read: <Row>(statement: Statement<Row>) => Promise<readonly Row[]>;
  /** May be called twice. */
  readonly close: () => Promise<void>;
}

const isValue = (value: unknown): value is Value =>
  value === null || typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array;

/**
 * Compiles a query that is asked now and then; for what runs per batch see {@link createBatch}.
 * @throws ConnectorError `internal` for a parameter that no column takes, for instance a date.
 */
export const statementOf = <Row>(query: Compilable<Row>): Statement<Row> => {
  const { sql, parameters } = query.compile();
  if (parameters.every(isValue)) return { sql, parameters };
  throw connectorError('internal', 'a query of the store has a parameter that no column takes: report it');
};

/** Rows per statement: a page of 100 is one statement, and no count of rows needs more than 7 texts. */
const sizes = [100, 50, 20, 10, 5, 2, 1] as const;

/** Turns rows into statements that take many rows each, with parameters of all statements first where given. */
export type Batch<Input, Row> = (inputs: readonly Input[], leading?: readonly Value[]) => readonly Statement<Row>[];

/**
 * Compiles a query once for each number of rows and gives the text new parameters ever after: the builder costs more
 * than the database. Parameters must come in the order in which the query has them, row by row.
 * @example
 * ```ts
 * const removeMany = createBatch((count) => deleteQuery(count), (sourceKey: string) => [sourceKey]);
 * removeMany(['1', '2', '3'], [sync]); // one statement for two keys, one for the third
 * ```
 */
export const createBatch = <Input, Row>(
  build: (count: number) => Compilable<Row>,
  parametersOf: (input: Input) => readonly Value[],
): Batch<Input, Row> => {
  const texts = new Map<number, string>();
  const textOf = (count: number): string => {
    const text = texts.get(count) ?? build(count).compile().sql;
    texts.set(count, text);
    return text;
  };
  return (inputs, leading = []) => {
    const statements: Statement<Row>[] = [];
    for (let start = 0; start < inputs.length; ) {
      const left = inputs.length - start;
      const size = sizes.find((candidate) => candidate <= left) ?? 1;
      const parameters = [...leading];
      for (const input of inputs.slice(start, start + size)) parameters.push(...parametersOf(input));
      statements.push({ sql: textOf(size), parameters });
      start += size;
    }
    return statements;
  };
};

/** The same value so many times: stands for parameters while a query is compiled. */
export const repeat = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
