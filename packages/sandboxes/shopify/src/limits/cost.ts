import { isRecord } from '@mortise/testing';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type VariableValues = NonNullable<Parameters<typeof getArgumentValues>[2]>;

/** What the cost of an operation is read from. */
export type CostParts = {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  variables: VariableValues;
  freeTypes: readonly string[];
};

/** Cost of one field, as the debug header shows it. */
export type FieldCost = {
  path: string[];
  definedCost: number;
  requestedTotalCost: number;
  requestedChildrenCost: number | null;
};

type Place = { type: GraphQLCompositeType; path: string[]; data: unknown; seen: FieldCost[] | undefined };

const mutationCost = 10;
const connectionCost = 2;

/** By how much the cost of a child counts in a connection of this size: it grows with its logarithm. */
export function sizeFactor(size: number): number {
  if (size === 0) return 0;
  return Math.floor(2 * Math.log(Math.max(2, Math.min(size, 250))));
}

function childrenCost(parts: CostParts, selections: SelectionSetNode, place: Place): number {
  let total = 0;
  let dearest = 0;
  for (const selection of selections.selections) {
    if (selection.kind === 'Field') {
      total += fieldCost(parts, selection, place);
      continue;
    }
    const fragment = selection.kind === 'FragmentSpread' ? parts.fragments[selection.name.value] : selection;
    if (fragment === undefined) continue;
    const named = fragment.typeCondition && parts.schema.getType(fragment.typeCondition.name.value);
    const type = named !== undefined && isCompositeType(named) ? named : place.type;
    const cost = childrenCost(parts, fragment.selectionSet, { ...place, type });
    // Of an interface the dearest of its types counts, not their sum.
    if (type === place.type) total += cost;
    else dearest = Math.max(dearest, cost);
  }
  return total + dearest;
}

const rowsOf = (data: unknown): unknown[] | undefined => {
  if (!isRecord(data)) return undefined;
  for (const value of Object.values(data)) if (Array.isArray(value)) return value;
  return [];
};

function requestedSize(parts: CostParts, field: FieldNode, { type }: Place): number {
  const definition = isObjectType(type) ? type.getFields()[field.name.value] : undefined;
  if (definition === undefined) return 0;
  const { first, last } = getArgumentValues(definition, field, parts.variables);
  return Number(first ?? last ?? 0);
}

/** Nodes count; the edges around them and the page's own fields are free. */
function nodeCost(parts: CostParts, field: FieldNode, place: Place): number {
  const rows = place.data === undefined ? undefined : (rowsOf(place.data) ?? []);
  let cost = 0;
  for (const data of rows ?? [undefined]) {
    const node = isRecord(data) && 'node' in data ? data : undefined;
    const shape = node === undefined ? data : { node: node.node };
    cost = Math.max(cost, connectionChild(parts, field, { ...place, data: shape }));
  }
  return cost;
}

function connectionChild(parts: CostParts, field: FieldNode, place: Place): number {
  let cost = 0;
  for (const selection of field.selectionSet?.selections ?? []) {
    if (selection.kind !== 'Field' || selection.selectionSet === undefined) continue;
    const child = isObjectType(place.type) ? place.type.getFields()[selection.name.value] : undefined;
    const type = child && getNamedType(child.type);
    if (type === undefined || !isCompositeType(type)) continue;
    const path = [...place.path, selection.alias?.value ?? selection.name.value];
    if (selection.name.value === 'nodes') {
      cost += 1 + childrenCost(parts, selection.selectionSet, { ...place, type, path });
    } else if (selection.name.value === 'edges') {
      cost += childrenCost(parts, selection.selectionSet, { ...place, type, path });
    }
  }
  return cost;
}

function fieldCost(parts: CostParts, field: FieldNode, place: Place): number {
  const { type: parent } = place;
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
  const type = getNamedType(parent.getFields()[field.name.value]?.type);
  if (type === undefined || !isCompositeType(type) || field.selectionSet === undefined) return 0;
  if (parts.freeTypes.includes(type.name)) return 0;
  const key = field.alias?.value ?? field.name.value;
  const read = isRecord(place.data) ? place.data[key] : undefined;
  if (place.data !== undefined && (read === null || read === undefined)) return 0;
  const path = [...place.path, key];
  const data = Array.isArray(read) ? read[0] : read;
  const below = { ...place, type, path, data };
  const cost = (defined: number, children: number): number => {
    const total = defined + children;
    place.seen?.push({ path, definedCost: defined, requestedTotalCost: total, requestedChildrenCost: children });
    return total;
  };
  if (parent === parts.schema.getMutationType()) return cost(mutationCost, 0);
  if (!type.name.endsWith('Connection')) return cost(1, childrenCost(parts, field.selectionSet, below));
  const size = place.data === undefined ? requestedSize(parts, field, place) : (rowsOf(read)?.length ?? 0);
  return cost(connectionCost, nodeCost(parts, field, below) * sizeFactor(size));
}

/**
 * The points of an operation: before it ran by what it asks for, after it by what was there (`data`).
 * @see https://shopify.dev/docs/api/usage/limits
 */
export function operationCost(parts: CostParts, { data, seen }: { data?: unknown; seen?: FieldCost[] } = {}): number {
  const type = parts.schema.getRootType(parts.operation.operation);
  if (type === undefined || type === null) return 0;
  return childrenCost(parts, parts.operation.selectionSet, { type, path: [], data, seen });
}
