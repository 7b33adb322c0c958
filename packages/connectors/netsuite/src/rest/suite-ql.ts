import { connectorError } from '@mortise/runtime';
import { z } from 'zod';
import type { NetSuiteCall } from '../vendor.ts';
import { textOf } from './value-text.ts';

/**
 * A row: NetSuite writes every value as text, and leaves out those that are null. What is no value of a column stays as it
 * came, so that the schema refuses the record: read as missing it would be taken for emptied.
 */
export type Row = Readonly<Record<string, unknown>>;

const Answer = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  count: z.number().optional(),
  hasMore: z.boolean(),
});

/** A page of rows. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** A column's text; undefined where it is null. */
export const textIn = (row: Row, column: string): string | undefined => {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
};

/** The first rows of a query. @throws ConnectorError `truncated` for an answer of fewer rows than it counts. */
export const query = async (
  call: NetSuiteCall,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<Rows> => {
  const { body } = await call.transports.rest.send({
    method: 'POST',
    path: 'query/v1/suiteql',
    query: { limit },
    headers: { prefer: 'transient' },
    body: { q: text },
    effect: 'read',
  });
  const parsed = Answer.safeParse(body);
  if (!parsed.success)
    throw connectorError('unexpected-content', 'the answer to the query is not of its documented form');
  const { items, count, hasMore } = parsed.data;
  if (count !== undefined && count !== items.length) {
    throw connectorError('truncated', 'the query answered fewer or more rows than it counted');
  }
  // Links stand in every row and are no column.
  const rows = items.map(({ links: _links, ...item }) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, textOf(value)])),
  );
  return { rows, hasMore };
};

/** A text in a query. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const format = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** A column in UTC as text: the column itself is in the time zone of the user. */
export const utcText = (column: string): string => `TO_CHAR(SYS_EXTRACT_UTC(${column}), ${format}) AS ${column}`;

/** A condition on a column in UTC, which includes the edge; NetSuite counts whole seconds. */
export const utcCondition = (column: string, at: { readonly from: Date } | { readonly to: Date }): string => {
  const [operator, instant] = 'from' in at ? (['>=', at.from] as const) : (['<=', at.to] as const);
  const seconds = instant.toISOString().slice(0, 19);
  return `SYS_EXTRACT_UTC(${column}) ${operator} TO_TIMESTAMP('${seconds}', 'YYYY-MM-DD"T"HH24:MI:SS')`;
};

/** A whole query of conditions that must all hold. */
export const selection = ({
  columns,
  table,
  where,
  order,
}: {
  readonly columns: readonly string[];
  readonly table: string;
  readonly where: readonly string[];
  readonly order: string;
}): string => {
  const conditions = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `SELECT ${columns.join(', ')} FROM ${table}${conditions} ORDER BY ${order}`;
};
