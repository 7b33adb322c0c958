import { keyText, readField } from '../../contract/field.ts';
import type { PageNote } from '../../contract/operations.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { isFields } from '../../mapping/key-path.ts';

/** One page of a connection. */
export interface ConnectionPage {
  readonly rows: readonly unknown[];
  readonly notes: readonly PageNote[];
  /** Cursor of the next page. */
  readonly next: string | undefined;
  readonly total: number | undefined;
}

/** Where the connection is, and what of the data is not known. */
export interface ConnectionPlace {
  /** Dotted path in the data. */
  readonly path: string;
  /** Dotted paths of the fields that the vendor could not give. */
  readonly unknown?: readonly string[];
  /** Dotted path of a record's key, for the notes. */
  readonly key?: string | undefined;
}

/**
 * Reads the page at a dotted path of the data: its `nodes`, or the nodes of its `edges`. A null among them, which
 * stands for a record that the vendor could not give, is noted and left out: it is no deletion.
 * @throws ConnectorError `unexpected-content` where there is no connection, or one that says it goes on but not where.
 */
export const connectionPage = (data: unknown, { path, unknown = [], key }: ConnectionPlace): ConnectionPage => {
  const connection = readField(data, path);
  const found = nodesOf(connection);
  if (found === undefined) throw connectorError('unexpected-content', `the answer has no connection at '${path}'`);
  const rows: unknown[] = [];
  const notes: PageNote[] = [];
  for (const [index, node] of found.nodes.entries()) {
    const isIncomplete = unknown.some((each) => each.startsWith(`${path}.${found.name}.${index}.`));
    // An edge without a node is one whose node failed; where nothing failed, the document forgot to ask for it.
    if (node === undefined && !isIncomplete && !unknown.includes(`${path}.${found.name}.${index}`)) {
      throw connectorError('unexpected-content', `the edges at '${path}' have no node: the document must ask for it`);
    }
    if (node === null || node === undefined) {
      notes.push({ kind: 'null-row' });
      continue;
    }
    rows.push(node);
    if (isIncomplete)
      notes.push({ kind: 'incomplete', key: keyText(key === undefined ? undefined : readField(node, key)) });
  }
  const total = readField(connection, 'totalCount');
  return { rows, notes, next: nextOf(connection, path), total: typeof total === 'number' ? total : undefined };
};

interface Nodes {
  readonly name: 'nodes' | 'edges';
  readonly nodes: readonly unknown[];
}

const nodesOf = (connection: unknown): Nodes | undefined => {
  const nodes = readField(connection, 'nodes');
  if (Array.isArray(nodes)) return { name: 'nodes', nodes };
  const edges = readField(connection, 'edges');
  if (!Array.isArray(edges)) return undefined;
  return { name: 'edges', nodes: edges.map((edge) => (isFields(edge) ? edge.node : edge)) };
};

const nextOf = (connection: unknown, path: string): string | undefined => {
  const hasNext = readField(connection, 'pageInfo.hasNextPage');
  if (hasNext === false) return undefined;
  const end = readField(connection, 'pageInfo.endCursor');
  if (hasNext === true && typeof end === 'string' && end !== '') return end;
  const what = hasNext === true ? 'goes on, but has no endCursor' : 'does not say whether it goes on (hasNextPage)';
  throw connectorError('unexpected-content', `the connection at '${path}' ${what}`);
};
