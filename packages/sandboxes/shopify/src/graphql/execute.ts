import {
  buildSchema,
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  executeSync,
  GraphQLError,
  type GraphQLResolveInfo,
  getDirectiveValues,
  parse,
  validate,
} from 'graphql';
import { bulkOperationCancel, bulkOperationRunQuery } from '../bulk/operations.ts';
import { operationCost } from '../cost/query-cost.ts';
import { customerDelete, customerSet, customerUpdate } from '../mutations/customers.ts';
import { inventorySetQuantities, type StockArguments } from '../mutations/inventory.ts';
import { productDelete, productSet } from '../mutations/products.ts';
import { adminSchema } from '../schema/admin-schema.ts';
import type { ShopifyState, Writing } from '../state.ts';
import { webhookSubscriptionCreate, webhookSubscriptionDelete } from '../webhooks/subscriptions.ts';
import type { Resolved } from './objects.ts';
import { queries } from './queries.ts';
import { isGranted, scopeOf } from './scopes.ts';

/** The part of the Admin schema that is answered. */
export const schema = buildSchema(adminSchema);

/** A request as it came. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Wants the cost of each field: header `Shopify-GraphQL-Cost-Debug: 1`. */
  readonly isDebugged: boolean;
  /** Scopes of the token; undefined: all. */
  readonly granted: readonly string[] | undefined;
}

/** An answer, which is sent with status 200 whatever it says. */
export type GraphqlAnswer = Readonly<Record<string, unknown>>;

const documentationOf = 'https://shopify.dev/api/usage/rate-limits';

/** Parses, weighs, runs. */
export const answerGraphql = (writing: Writing, request: GraphqlRequest): GraphqlAnswer => {
  const { state } = writing;
  const document = parsed(request.query);
  if ('errors' in document) return document;
  const weighed = { schema, document, variables: request.variables };
  const requested = operationCost(weighed);
  const refused = refusal(state, requested);
  if (refused !== undefined) return refused;
  state.bucket.take(requested);
  const result = run(writing, { document, request });
  const actual = Math.min(requested, operationCost(weighed, { data: result.data }));
  state.bucket.giveBack(requested - actual);
  const debug = request.isDebugged ? { fields: [{ path: ['query'], requestedTotalCost: requested }] } : {};
  return { ...plain(result), extensions: { cost: { ...costOf(state, { requested, actual }), ...debug } } };
};

const plain = ({ data, errors }: ExecutionResult) => ({
  ...(errors && { errors }),
  ...(data !== undefined && { data }),
});

const parsed = (query: string): DocumentNode | { readonly errors: readonly unknown[] } => {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length === 0
      ? document
      : { errors: errors.map(({ message, locations }) => ({ message, locations })) };
  } catch (thrown) {
    return { errors: [{ message: thrown instanceof Error ? thrown.message : 'syntax error' }] };
  }
};

const refusal = (state: ShopifyState, requested: number): GraphqlAnswer | undefined => {
  const { maxQueryCost } = state.settings;
  if (requested > maxQueryCost) {
    const message = `Query has a cost of ${requested}, which exceeds the single query max cost limit of ${maxQueryCost}.`;
    return {
      errors: [
        {
          message,
          extensions: {
            code: 'MAX_COST_EXCEEDED',
            cost: requested,
            maxCost: maxQueryCost,
            documentation: documentationOf,
          },
        },
      ],
    };
  }
  if (requested <= state.bucket.available()) return undefined;
  return {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED', documentation: documentationOf } }],
    extensions: { cost: costOf(state, { requested, actual: null }) },
  };
};

const costOf = (
  { settings, bucket }: ShopifyState,
  { requested, actual }: { requested: number; actual: number | null },
) => ({
  requestedQueryCost: requested,
  actualQueryCost: actual,
  throttleStatus: {
    maximumAvailable: settings.bucketPoints,
    currentlyAvailable: bucket.available(),
    restoreRate: settings.restorePerSecond,
  },
});

const run = (
  writing: Writing,
  { document, request }: { document: DocumentNode; request: GraphqlRequest },
): ExecutionResult =>
  executeSync({
    schema,
    document,
    variableValues: request.variables,
    rootValue: { ...queries(writing.state), ...mutations(writing) },
    fieldResolver: (source, args, context, info) => {
      const needed = info.path.prev === undefined ? scopeOf[info.fieldName] : undefined;
      if (needed !== undefined && request.granted !== undefined && !isGranted(needed, request.granted))
        throw denied(info, needed);
      return defaultFieldResolver(source, args, context, info);
    },
  });

const denied = ({ fieldName }: GraphQLResolveInfo, scope: string): GraphQLError =>
  new GraphQLError(`Access denied for ${fieldName} field. Required access: \`${scope}\` access scope.`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess: `\`${scope}\` access scope.`,
    },
  });

/** The root fields that write. A resolver gets its arguments, a context that nobody uses, and where it stands. */
const mutations = (writing: Writing): Resolved => {
  const of =
    <Args>(write: (writing: Writing, args: Args) => Resolved) =>
    (args: Args) =>
      write(writing, args);
  return {
    productSet: of(productSet),
    productDelete: of(productDelete),
    customerSet: of(customerSet),
    customerUpdate: of(customerUpdate),
    customerDelete: of(customerDelete),
    inventorySetQuantities: (args: StockArguments, _context: unknown, info: GraphQLResolveInfo) =>
      inventorySetQuantities(writing, args, idempotencyKey(info)),
    webhookSubscriptionCreate: of(webhookSubscriptionCreate),
    webhookSubscriptionDelete: of(webhookSubscriptionDelete),
    bulkOperationRunQuery: of(bulkOperationRunQuery),
    bulkOperationCancel: of(bulkOperationCancel),
  };
};

const idempotencyKey = ({
  fieldNodes,
  variableValues,
  schema: { getDirective },
}: GraphQLResolveInfo): string | undefined => {
  const directive = getDirective.call(schema, 'idempotent');
  const [node] = fieldNodes;
  if (!directive || node === undefined) return undefined;
  const key = getDirectiveValues(directive, node, variableValues)?.key;
  return typeof key === 'string' ? key : undefined;
};
