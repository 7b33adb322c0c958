import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  executeSync,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  getNamedType,
} from 'graphql';
import { mutationResolvers } from '../mutations/resolvers.ts';
import { adminSchema } from '../schema/schema.ts';
import type { Context } from '../types.ts';
import { queryResolvers } from './resolvers.ts';
import { requireScope } from './scopes.ts';

/** What resolvers work with. */
export type Execution = {
  context: Context;
  /** Set while a bulk operation reads: connections have no pages. */
  whole: boolean;
  /** Origin under which the caller reached the stand-in. */
  origin: string;
  /** Version of the API that answers, for instance 2026-10. */
  version: string;
};

/** What a resolver is called with, besides its source and arguments. */
export type ResolverCall = Execution & { info: GraphQLResolveInfo };

/** One field's own way to its value. */
export type Resolver = (source: unknown, given: Readonly<Record<string, unknown>>, call: ResolverCall) => unknown;

const resolvers: Readonly<Record<string, Resolver>> = { ...queryResolvers, ...mutationResolvers };

const resolveField: GraphQLFieldResolver<unknown, Execution> = (...[source, given, execution, info]) => {
  const type = getNamedType(info.returnType).name;
  const isMutation = info.parentType.name === 'Mutation';
  requireScope(execution.context.state, { type, field: info.fieldName, isMutation });
  const own = resolvers[`${info.parentType.name}.${info.fieldName}`];
  return own === undefined
    ? defaultFieldResolver(source, given, execution, info)
    : own(source, given, { ...execution, info });
};

/** Executes a document that was found valid. */
export function executed(
  execution: Execution,
  document: DocumentNode,
  { variables, operationName }: { variables?: Record<string, unknown>; operationName?: string | undefined } = {},
): ExecutionResult {
  return executeSync({
    schema: adminSchema,
    document,
    contextValue: execution,
    fieldResolver: resolveField,
    ...(variables === undefined ? {} : { variableValues: variables }),
    ...(operationName === undefined ? {} : { operationName }),
  });
}
