export type { CatchUp } from './catch-up.ts';
export type { CloseMeaning, CloseMeanings } from './close-codes.ts';
export type {
  GraphqlDialectOptions,
  GraphqlSubscription,
  Refusal,
  SubscriptionError,
} from './graphql-dialect.ts';
export { RealtimeLimits } from './limits.ts';
export type { PlainDialectOptions, PlainMessage, PlainSubscription } from './plain-dialect.ts';
export type { SubscriptionPlan } from './subscription.ts';
export {
  type GraphqlRealtimeOptions,
  type PlainRealtimeOptions,
  type RealtimeOptions,
  type RealtimeTransport,
  realtime,
} from './transport.ts';
