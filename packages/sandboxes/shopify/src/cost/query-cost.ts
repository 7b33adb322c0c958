import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a query costs. */
export interface FieldCost {
  readonly path: readonly string[];
  readonly requestedTotalCost: number;
}

/** Objects that only hold values cost nothing. From samples; Shopify lists them nowhere. [M] */
const free = new Set([
  'PageInfo',
  'MoneyBag',
  'MoneyV2',
  'Count',
  'SelectedOption',
  'ProductPriceRangeV2',
  'MailingAddress',
  'InventoryQuantity',
  'CustomerEmailAddress',
  'CustomerPhoneNumber',
  'AccessScope',
  'UserError',
]);

/** The multiplier of a connection: 1 is 1, 10 is 4, 100 is 9, 250 is 11. */
const multiplier = (size: number): number => Math.floor(2 * Math.log(Math.max(2, Math.min(size, 250))));

const mutationCost = 10;
const connectionCost = 2;

interface Costing {
  readonly schema: GraphQLSchema;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Where the walk stands: the answered value, where the query has been answered. */
interface Place {
  readonly typeName: string;
  readonly data: unknown;
  readonly isAnswered: boolean;
}

/** The cost of an operation: as requested, or, with `data`, of what it came to. */
export const operationCost = (
  {
    schema,
    document,
    variables,
  }: { schema: GraphQLSchema; document: DocumentNode; variables: Readonly<Record<string, unknown>> },
  answered?: { readonly data: unknown },
): number => {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) return 0;
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const isMutation = operation.operation === 'mutation';
  const typeName = isMutation ? 'Mutation' : 'QueryRoot';
  const place = { typeName, data: answered?.data, isAnswered: answered !== undefined };
  const cost = selectionCost({ schema, variables, fragments }, operation.selectionSet, place);
  return isMutation ? mutationCost + Math.max(0, cost - operation.selectionSet.selections.length) : cost;
};

const selectionCost = (costing: Costing, { selections }: SelectionSetNode, place: Place): number => {
  let sum = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) sum += fieldCost(costing, selection, place);
    if (selection.kind === Kind.INLINE_FRAGMENT) sum += selectionCost(costing, selection.selectionSet, place);
    if (selection.kind !== Kind.FRAGMENT_SPREAD) continue;
    const fragment = costing.fragments.get(selection.name.value);
    if (fragment !== undefined) sum += selectionCost(costing, fragment.selectionSet, place);
  }
  return sum;
};

const fieldCost = (costing: Costing, node: FieldNode, { typeName, data, isAnswered }: Place): number => {
  const parent = costing.schema.getType(typeName);
  const field = isObjectType(parent) ? parent.getFields()[node.name.value] : undefined;
  const type = field === undefined ? undefined : getNamedType(field.type);
  if (!isObjectType(type) || node.selectionSet === undefined) return 0;
  const value = isAnswered ? property(data, node.alias?.value ?? node.name.value) : undefined;
  if (isAnswered && (value === null || value === undefined)) return 0;
  const own = { typeName: type.name, data: value, isAnswered };
  if (type.name.endsWith('Connection')) return listCost(costing, node, own);
  if (Array.isArray(value)) {
    const [first] = value;
    return (free.has(type.name) ? 0 : 1) + selectionCost(costing, node.selectionSet, { ...own, data: first });
  }
  return (free.has(type.name) ? 0 : 1) + selectionCost(costing, node.selectionSet, own);
};

/** 2, and the cost of one node as often as the size of the page says. */
const listCost = (costing: Costing, node: FieldNode, { typeName, data, isAnswered }: Place): number => {
  const nodes = property(data, 'nodes') ?? property(data, 'edges');
  const rows: readonly unknown[] = Array.isArray(nodes) ? nodes : [];
  const size = isAnswered ? rows.length : pageSize(costing, node);
  if (size === 0) return connectionCost;
  const nodeSelections = (node.selectionSet?.selections ?? []).filter(
    (each): each is FieldNode =>
      each.kind === Kind.FIELD && (each.name.value === 'nodes' || each.name.value === 'edges'),
  );
  const [longest] = rows;
  const child = nodeSelections.reduce((sum, each) => {
    const connectionType = costing.schema.getType(typeName);
    const field = isObjectType(connectionType) ? connectionType.getFields()[each.name.value] : undefined;
    const rowType = field === undefined ? undefined : getNamedType(field.type);
    if (!isObjectType(rowType) || each.selectionSet === undefined) return sum;
    const place = { typeName: rowType.name, data: longest, isAnswered };
    const isEdge = rowType.name.endsWith('Edge');
    return sum + (isEdge ? 0 : 1) + selectionCost(costing, each.selectionSet, place);
  }, 0);
  return connectionCost + child * multiplier(size);
};

const pageSize = ({ variables }: Costing, node: FieldNode): number => {
  const argument = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
  const value = argument?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind !== Kind.VARIABLE) return 0;
  const given = variables[value.name.value];
  return typeof given === 'number' ? given : 0;
};

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined; // an object it is
