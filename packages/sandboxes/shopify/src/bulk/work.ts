import { executeSync, Kind, parse, visit } from 'graphql';
import { schema } from '../graphql/execute.ts';
import { queries } from '../graphql/queries.ts';
import type { ShopifyState } from '../state.ts';

const pageSize = 250;

/** The query of a bulk operation with a page size on every connection, and the cursor of its root. */
const paged = (query: string) =>
  visit(parse(query), {
    Field: (node) => {
      const isConnection = node.selectionSet?.selections.some(
        (each) => each.kind === Kind.FIELD && each.name.value === 'edges',
      );
      if (isConnection !== true) return undefined;
      const first = {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'first' },
        value: { kind: Kind.INT, value: String(pageSize) },
      } as const;
      const kept = (node.arguments ?? []).filter(({ name }) => name.value !== 'first');
      return { ...node, arguments: [...kept, first] };
    },
  });

interface Lines {
  readonly lines: string[];
  roots: number;
}

/** Writes a node and, behind it, the nodes of its connections, which name it as their parent. */
const writeNode = (out: Lines, node: Readonly<Record<string, unknown>>, parent: string | undefined): void => {
  const own: Record<string, unknown> = {};
  const children: Readonly<Record<string, unknown>>[] = [];
  for (const [name, value] of Object.entries(node)) {
    const edges = edgesOf(value);
    if (edges === undefined) own[name] = value;
    else children.push(...edges);
  }
  out.lines.push(JSON.stringify(parent === undefined ? own : { ...own, __parentId: parent }));
  for (const child of children) writeNode(out, child, String(node.id));
};

const edgesOf = (value: unknown): Readonly<Record<string, unknown>>[] | undefined => {
  if (typeof value !== 'object' || value === null || !('edges' in value) || !Array.isArray(value.edges))
    return undefined;
  return value.edges.map((edge: { node: Readonly<Record<string, unknown>> }) => edge.node);
};

/** Adds `after` to the root connection. */
const from = (document: ReturnType<typeof paged>, after: string | undefined) => {
  if (after === undefined) return document;
  const argument = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'after' },
    value: { kind: Kind.STRING, value: after },
  } as const;
  return visit(document, {
    OperationDefinition: (operation) => ({
      ...operation,
      selectionSet: {
        ...operation.selectionSet,
        selections: operation.selectionSet.selections.map((field) =>
          field.kind === Kind.FIELD ? { ...field, arguments: [...(field.arguments ?? []), argument] } : field,
        ),
      },
    }),
  });
};

const withPageInfo = (document: ReturnType<typeof paged>) =>
  visit(document, {
    OperationDefinition: (operation) => ({
      ...operation,
      selectionSet: {
        ...operation.selectionSet,
        selections: operation.selectionSet.selections.map((field) =>
          field.kind === Kind.FIELD && field.selectionSet
            ? {
                ...field,
                selectionSet: { ...field.selectionSet, selections: [...field.selectionSet.selections, pageInfo] },
              }
            : field,
        ),
      },
    }),
  });

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const leaf = (value: string) => ({ kind: Kind.FIELD, name: name(value) }) as const;
const pageInfo = {
  ...leaf('pageInfo'),
  selectionSet: { kind: Kind.SELECTION_SET, selections: [leaf('hasNextPage'), leaf('endCursor')] },
} as const;

/** Does an operation whole: reads all pages of its root and writes them as lines. */
const fileOf = (state: ShopifyState, query: string): Lines => {
  const out: Lines = { lines: [], roots: 0 };
  const document = withPageInfo(paged(query));
  let after: string | undefined;
  do {
    const { data, errors } = executeSync({
      schema,
      document: from(document, after),
      rootValue: queries({ ...state, settings: { ...state.settings, connectionCap: Number.MAX_SAFE_INTEGER } }),
    });
    const [root] = Object.values(data ?? {});
    const edges = edgesOf(root);
    if (errors !== undefined || edges === undefined)
      throw new TypeError('the query of the bulk operation cannot be run');
    for (const node of edges) writeNode(out, node, undefined);
    out.roots += edges.length;
    const info = (root as { pageInfo: { hasNextPage: boolean; endCursor: string | null } }).pageInfo; // asked for above
    after = info.hasNextPage ? (info.endCursor ?? undefined) : undefined;
  } while (after !== undefined);
  return out;
};

/** Works off the operations that wait. */
export const workBulk = (state: ShopifyState): void => {
  const { database, clock } = state;
  for (const row of database.statement("SELECT id, query FROM bulk WHERE status = 'CREATED'").all()) {
    database.transaction(() => {
      try {
        const { lines, roots } = fileOf(state, String(row.query));
        const file = lines.map((line) => `${line}\n`).join('');
        const sql =
          "UPDATE bulk SET status = 'COMPLETED', completed = ?, objects = ?, roots = ?, file = ? WHERE id = ?";
        database.statement(sql).run(clock.now(), lines.length, roots, file, Number(row.id));
      } catch {
        const sql = "UPDATE bulk SET status = 'FAILED', code = 'INTERNAL_SERVER_ERROR', completed = ? WHERE id = ?";
        database.statement(sql).run(clock.now(), Number(row.id));
      }
    });
  }
};
