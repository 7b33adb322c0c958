import { isRecord } from '@mortise/testing';

/** One line of a bulk file. */
export type BulkRow = Record<string, unknown>;

function nodesOf(value: unknown): BulkRow[] | undefined {
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value.nodes)) return value.nodes.filter(isRecord);
  if (!Array.isArray(value.edges)) return undefined;
  return value.edges.flatMap((edge) => (isRecord(edge) && isRecord(edge.node) ? [edge.node] : []));
}

function own(row: BulkRow, parentId: unknown): { row: BulkRow; below: BulkRow[] } {
  const fields: BulkRow = {};
  const below: BulkRow[] = [];
  for (const [name, value] of Object.entries(row)) {
    const nodes = nodesOf(value);
    if (nodes === undefined) fields[name] = value;
    else below.push(...nodes);
  }
  return { row: parentId === undefined ? fields : { ...fields, __parentId: parentId }, below };
}

function grouped(node: BulkRow, parentId: unknown): BulkRow[] {
  const { row, below } = own(node, parentId);
  return [row, ...below.flatMap((child) => grouped(child, node.id))];
}

const isChild = (row: BulkRow): boolean => '__parentId' in row;

/**
 * The lines of a bulk file: a connection within an object becomes lines of its own that name their parent. Grouped, they
 * follow it; otherwise they come after all roots, in no order that could be relied on.
 */
export function bulkRows(data: Readonly<Record<string, unknown>>, { isGrouped }: { isGrouped: boolean }): BulkRow[] {
  const rows = Object.values(data).flatMap((value) => {
    const roots = nodesOf(value) ?? (isRecord(value) ? [value] : []);
    return roots.flatMap((root) => grouped(root, undefined));
  });
  return isGrouped ? rows : [...rows.filter((row) => !isChild(row)), ...rows.filter(isChild).reverse()];
}
