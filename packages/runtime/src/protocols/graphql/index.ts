import { builders } from './builders.ts';
import { graphqlTransport } from './transport.ts';

export type { GraphqlBuilders } from './builders.ts';
export type { ConnectionList, GraphqlCall, GraphqlList } from './connection.ts';
export {
  type ConnectionQuery,
  type ConnectionRead,
  connectionReader,
  type ReadConnection,
} from './connection-reader.ts';
export { document, type TypedDocument } from './document.ts';
export type { ClassifyAnswer, ClassifyError, ErrorMeaning, GraphqlError } from './errors.ts';
export type { NestedConnection } from './nested.ts';
export type { GraphqlAnswer, GraphqlOptions, GraphqlRequest, GraphqlTransport } from './transport.ts';

/**
 * Makes a GraphQL transport. Its `connection` makes a list over the transport named `graphql`; that of `over('admin')`
 * over one of another name.
 */
export const graphql = Object.assign(graphqlTransport, { ...builders('graphql'), over: builders });
