export {
  type GraphqlAnswer,
  type GraphqlError,
  type GraphqlOptions,
  type GraphqlRequest,
  type GraphqlTransport,
  graphql,
} from './transport.ts';
