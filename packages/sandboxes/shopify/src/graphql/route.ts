import { isRecord, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { type DocumentNode, GraphQLError, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { servedVersion } from '../admission.ts';
import { type CostParts, type FieldCost, operationCost } from '../limits/cost.ts';
import { adminSchema } from '../schema/schema.ts';
import type { Context, ShopifyRoute } from '../types.ts';
import { executed } from './execution.ts';
import { errorAnswer, statusAnswer } from './failure.ts';

type Asked = { document: DocumentNode; variables: Record<string, unknown>; operationName: string | undefined };

const invalid = (errors: readonly GraphQLError[]): SandboxAnswer => ({
  status: 200,
  json: { errors: errors.map((error) => error.toJSON()) },
});

const keptDocuments = 200;
const validDocuments = new Map<string, DocumentNode>();

/** Parses and validates; a document that was found valid is kept, because clients send the same few. */
function documentOf(query: string): DocumentNode | SandboxAnswer {
  const known = validDocuments.get(query);
  if (known !== undefined) return known;
  try {
    const document = parse(query);
    const errors = validate(adminSchema, document);
    if (errors.length > 0) return invalid(errors);
    if (validDocuments.size >= keptDocuments) validDocuments.clear();
    validDocuments.set(query, document);
    return document;
  } catch (error) {
    if (error instanceof GraphQLError) return invalid([error]);
    throw error;
  }
}

function asked({ body }: SandboxRequest): Asked | SandboxAnswer {
  if (!isRecord(body) || typeof body.query !== 'string') return statusAnswer(400, 'Required parameter missing: query');
  const operationName = typeof body.operationName === 'string' ? body.operationName : undefined;
  const document = documentOf(body.query);
  if ('status' in document) return document;
  return { document, variables: isRecord(body.variables) ? body.variables : {}, operationName };
}

function costParts({ document, variables, operationName }: Asked, { state }: Context): CostParts | SandboxAnswer {
  const operation = getOperationAST(document, operationName);
  if (!operation) return statusAnswer(400, 'No operation of that name');
  const read = getVariableValues(adminSchema, operation.variableDefinitions ?? [], variables);
  if (read.errors !== undefined) return invalid(read.errors);
  const fragments: Record<string, CostParts['fragments'][string]> = {};
  for (const each of document.definitions) {
    if (each.kind === 'FragmentDefinition') fragments[each.name.value] = each;
  }
  return {
    schema: adminSchema,
    operation,
    fragments,
    variables: read.variableValues,
    freeTypes: state.settings.freeTypes,
  };
}

type Cost = { requestedQueryCost: number; actualQueryCost: number | null; fields?: FieldCost[] };

function costOf({ state }: Context, cost: Cost): object {
  const { bucketPoints, restorePerSecond } = state.settings;
  const currentlyAvailable = Math.floor(state.bucket.available(state.clock.now()));
  return {
    cost: {
      ...cost,
      throttleStatus: { maximumAvailable: bucketPoints, currentlyAvailable, restoreRate: restorePerSecond },
    },
  };
}

function refusedByCost(context: Context, requested: number): SandboxAnswer | undefined {
  const { settings, bucket, clock } = context.state;
  if (requested > settings.maxQueryCost) {
    const message = `Query has a cost of ${requested}, which exceeds the max cost of ${settings.maxQueryCost}`;
    return errorAnswer(message, settings.tooDearCode);
  }
  if (bucket.available(clock.now()) >= requested) return undefined;
  const extensions = { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' };
  return {
    status: 200,
    json: {
      errors: [{ message: 'Throttled', extensions }],
      extensions: costOf(context, { requestedQueryCost: requested, actualQueryCost: null }),
    },
  };
}

function answered(request: SandboxRequest, context: Context): SandboxAnswer {
  const question = asked(request);
  if ('status' in question) return question;
  const parts = costParts(question, context);
  if ('status' in parts) return parts;
  const fields: FieldCost[] = [];
  const requested = operationCost(parts, { seen: fields });
  const refused = refusedByCost(context, requested);
  if (refused !== undefined) return refused;
  const { bucket, clock } = context.state;
  bucket.take(requested, clock.now());
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const version = servedVersion(context.state, request.params.version);
  const { document, variables, operationName } = question;
  const result = executed({ context, whole: false, origin, version }, document, { variables, operationName });
  const actual = operationCost(parts, { data: result.data ?? null });
  bucket.take(actual - requested, clock.now());
  const debug = request.headers['shopify-graphql-cost-debug'] === '1' ? { fields } : {};
  const cost = costOf(context, { requestedQueryCost: requested, actualQueryCost: actual, ...debug });
  const errors = result.errors?.map((error) => error.toJSON());
  return { status: 200, json: { ...(errors && { errors }), data: result.data ?? null, extensions: cost } };
}

/** The one path of the API, under every version. */
export const graphqlRoutes: readonly ShopifyRoute[] = [
  { method: 'POST', path: '/admin/api/{version}/graphql.json', handle: answered },
];
