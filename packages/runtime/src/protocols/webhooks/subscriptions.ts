import { z } from 'zod';
import type { CallOptions, LiveOperations } from '../../contract/operations.ts';
import { nearestName } from '../../contract/settings.ts';
import type { WebhookDefinition } from '../../contract/webhooks.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../../errors/connector-error.ts';

/** A subscription at the vendor: the record of the resource that `webhooks.subscriptions` names. */
export const WebhookSubscription = z.object({
  /** The vendor's id; absent in one that is to be created. */
  id: z.string().optional(),
  topic: z.string(),
  /** Where the vendor sends to. */
  url: z.string(),
  /** False where the vendor has switched it off, for instance after failed deliveries. */
  isActive: z.boolean().optional(),
});

/** A subscription at the vendor. */
export type WebhookSubscription = z.output<typeof WebhookSubscription>;

/** The live resource of the subscriptions. */
export type SubscriptionResource = Pick<
  LiveOperations<WebhookSubscription, WebhookSubscription, never>,
  'list' | 'create' | 'remove'
>;

/** Which subscriptions there should be. */
export interface SubscriptionOptions extends CallOptions {
  /** `connector.webhooks`. */
  readonly webhooks: Pick<WebhookDefinition, 'topics'>;
  /** The live resource of the subscriptions, for instance `shop.webhookSubscriptions`. */
  readonly subscriptions: SubscriptionResource;
  /** Public URL of the endpoint. Subscriptions to it are ours, and only those. */
  readonly url: string;
  /** The topics that are wanted; none removes all that are ours. */
  readonly topics: readonly string[];
  /** URLs that the endpoint had before: subscriptions to them are ours as well, and go. */
  readonly formerUrls?: readonly string[];
}

/** A wanted topic, as it was found. */
export interface TopicState {
  readonly topic: string;
  readonly found: 'active' | 'inactive' | 'missing';
  /** Permissions that a subscription to it needs. */
  readonly permissions: readonly string[];
  /** Why the vendor refused the subscription that was to mend it. */
  readonly error?: ConnectorError | undefined;
}

/** How the vendor's subscriptions differ, or differed, from the wanted ones. */
export interface SubscriptionReport {
  readonly topics: readonly TopicState[];
  /** Ours that are not wanted: other topics, doubles, former URLs. */
  readonly surplus: readonly WebhookSubscription[];
}

interface Comparison extends SubscriptionReport {
  readonly inactive: readonly WebhookSubscription[];
}

const normalised = (url: string): string => URL.parse(url)?.href ?? url;

/** @throws ConnectorError `invalid-settings` for a topic that the connector does not know. */
const checkTopics = ({ webhooks, topics }: SubscriptionOptions): void => {
  const known = Object.keys(webhooks.topics);
  for (const topic of topics) {
    if (known.includes(topic)) continue;
    const nearest = nearestName(topic, known);
    const advice = nearest === undefined ? `known are: ${known.join(', ')}` : `did you mean '${nearest}'?`;
    throw connectorError('invalid-settings', `there is no webhook topic '${topic}': ${advice}`);
  }
};

const oursOf = async (options: SubscriptionOptions): Promise<WebhookSubscription[]> => {
  const { subscriptions, url, formerUrls = [], signal, priority } = options;
  const urls = new Set([url, ...formerUrls].map(normalised));
  const ours: WebhookSubscription[] = [];
  for await (const { records, rejected } of subscriptions.list({ signal, priority })) {
    // An unreadable one might be ours, and would be created again each time.
    const [first] = rejected;
    if (first) throw connectorError('invalid-record', 'a subscription cannot be read', { issues: first.issues });
    ours.push(...records.filter((record) => urls.has(normalised(record.url))));
  }
  return ours;
};

const compare = async (options: SubscriptionOptions): Promise<Comparison> => {
  checkTopics(options);
  const { webhooks, topics } = options;
  const url = normalised(options.url);
  const surplus: WebhookSubscription[] = [];
  const kept = new Map<string, WebhookSubscription>();
  for (const record of await oursOf(options)) {
    const other = kept.get(record.topic);
    const isWanted = topics.includes(record.topic) && normalised(record.url) === url;
    if (!isWanted || (other !== undefined && other.isActive !== false)) {
      surplus.push(record);
      continue;
    }
    if (other !== undefined) surplus.push(other);
    kept.set(record.topic, record);
  }
  const states = [...new Set(topics)].map((topic): TopicState => {
    const record = kept.get(topic);
    const found = record === undefined ? 'missing' : record.isActive === false ? 'inactive' : 'active';
    return { topic, found, permissions: webhooks.topics[topic]?.permissions ?? [] };
  });
  const inactive = [...kept.values()].filter(({ isActive }) => isActive === false);
  return { topics: states, surplus, inactive };
};

/**
 * Says how the vendor's subscriptions differ from the wanted ones, and changes nothing.
 * @throws ConnectorError `invalid-settings` for an unknown topic; those of a list.
 */
export const inspectSubscriptions = async (options: SubscriptionOptions): Promise<SubscriptionReport> => {
  const { topics, surplus } = await compare(options);
  return { topics, surplus };
};

const removeAll = async (options: SubscriptionOptions, records: readonly WebhookSubscription[]): Promise<void> => {
  for (const { id } of records) {
    if (id === undefined) continue;
    try {
      await options.subscriptions.remove(id, { signal: options.signal, priority: options.priority });
    } catch (thrown) {
      // Somebody else was first.
      if (!isConnectorError(thrown) || thrown.code !== 'not-found') throw thrown;
    }
  }
};

/**
 * Makes the vendor's subscriptions to our URL equal to the wanted ones: creates what is missing, replaces what the vendor
 * has switched off, removes what is ours and not wanted. Never touches subscriptions to other URLs. Does nothing the
 * second time. Call it at the start and now and then: vendors drop subscriptions whose deliveries fail.
 * @returns what was found before; a topic that the vendor refused has its `error`.
 * @throws ConnectorError `invalid-settings` for an unknown topic; those of a list, a write or a removal.
 * @example
 * ```ts
 * import { matchSubscriptions, type SubscriptionOptions } from '@mortise/runtime/webhooks';
 * export const subscribe = async (shop: Pick<SubscriptionOptions, 'webhooks' | 'subscriptions'>) => {
 *   const url = 'https://hooks.example.com/webhooks/shop';
 *   const { topics } = await matchSubscriptions({ ...shop, url, topics: ['ORDERS_CREATE', 'ORDERS_UPDATED'] });
 *   return topics.filter(({ error }) => error !== undefined);
 * };
 * ```
 */
export const matchSubscriptions = async (options: SubscriptionOptions): Promise<SubscriptionReport> => {
  const { topics, surplus, inactive } = await compare(options);
  const { url, subscriptions, signal, priority } = options;
  // First what is off, because some vendors take one subscription per topic and URL.
  await removeAll(options, inactive);
  const wanting = topics.filter(({ found }) => found !== 'active');
  const outcomes =
    wanting.length === 0
      ? []
      : await subscriptions.create(
          wanting.map(({ topic }) => ({ topic, url })),
          { signal, priority },
        );
  await removeAll(options, surplus);
  const errors = new Map(
    wanting.flatMap(({ topic }, index) => {
      const outcome = outcomes[index];
      return outcome === undefined || outcome.ok ? [] : [[topic, outcome.error] as const];
    }),
  );
  return { topics: topics.map((state) => ({ ...state, error: errors.get(state.topic) })), surplus };
};

/** The permissions that subscriptions to these topics need, each once. */
export const topicPermissions = (
  { topics: known }: Pick<WebhookDefinition, 'topics'>,
  topics: readonly string[],
): string[] => [...new Set(topics.flatMap((topic) => known[topic]?.permissions ?? []))].toSorted();
