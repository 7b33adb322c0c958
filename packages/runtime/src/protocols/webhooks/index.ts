export type {
  HeaderReader,
  ReadDelivery,
  SignatureClaim,
  SignatureScheme,
  SignedRequest,
  SigningOptions,
  SigningRequest,
  WebhookDefinition,
  WebhookFamily,
  WebhookTopic,
} from '../../contract/webhooks.ts';
export { type DeliveryContext, type DrainOptions, drainInbox } from './drain.ts';
export type { WebhookEndpoint, WebhookEvent, WebhookOptions, WebhookOutcome } from './endpoint.ts';
export { githubWebhooks } from './families/github.ts';
export { hubspotLegacySignatures, hubspotWebhooks } from './families/hubspot.ts';
export { shopifyWebhooks } from './families/shopify.ts';
export { standardWebhooks } from './families/standard-webhooks.ts';
export { stripeWebhooks } from './families/stripe.ts';
export { type HmacOptions, hmac, type SignatureHeader, type SignedContent, type SignedParts } from './hmac.ts';
export type { Accepted, Delivery, DeliveryTurn, Inbox, InboxSize, TakenDelivery, TakeRequest } from './inbox.ts';
export { jsonItems } from './json-body.ts';
export { isNewer, type RecordVersion } from './newest.ts';
export { type NextHandler, type NodeRequest, type WebhookListener, webhookListener } from './node-listener.ts';
export {
  inspectSubscriptions,
  matchSubscriptions,
  type SubscriptionOptions,
  type SubscriptionReport,
  type SubscriptionResource,
  type TopicState,
  topicPermissions,
  WebhookSubscription,
} from './subscriptions.ts';
export { webhookHandler } from './web-handler.ts';
