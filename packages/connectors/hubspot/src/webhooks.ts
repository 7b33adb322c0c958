import type { WebhookDefinition, WebhookTopic } from '@mortise/runtime/webhooks';
import { hubspotWebhooks } from '@mortise/runtime/webhooks';
import { vendorFacts } from './vendor-facts.ts';

/** HubSpot's word for an object in topics, and the resource that reads it. */
const resources = {
  contact: 'contacts',
  company: 'companies',
  deal: 'deals',
  product: 'products',
  line_item: 'lineItems',
} as const;

type Word = keyof typeof resources;
/** A resource whose records webhooks are about. */
export type NotifiedResource = (typeof resources)[Word];

const events = ['creation', 'deletion', 'propertyChange', 'restore', 'merge', 'associationChange'] as const;
const unmerged = new Set<string>(['product.merge', 'line_item.merge', 'product.associationChange']);

const readScope: Readonly<Record<Word, string>> = {
  contact: vendorFacts.scopes.contacts.read[0],
  company: vendorFacts.scopes.companies.read[0],
  deal: vendorFacts.scopes.deals.read[0],
  product: vendorFacts.scopes.products.read[0],
  line_item: vendorFacts.scopes.line_items.read[0],
};

const isWord = (text: string): text is Word => Object.hasOwn(resources, text);

const topics: Record<string, WebhookTopic> = {
  'contact.privacyDeletion': { permissions: [readScope.contact] },
};
for (const word of Object.keys(resources).filter(isWord)) {
  for (const event of events) {
    const topic = `${word}.${event}`;
    if (!unmerged.has(topic)) topics[topic] = { permissions: [readScope[word]] };
  }
}

/**
 * HubSpot's webhooks, v3 signatures. Only OAuth apps have them, and subscriptions are made in the app's settings. A
 * delivery tells that something changed, not what is: see {@link notifiedRecord}.
 */
export const webhooks: WebhookDefinition<never> = { ...hubspotWebhooks, topics };

/** The record that a delivery is about. */
export interface NotifiedRecord {
  readonly resource: NotifiedResource;
  readonly id: string;
}

/**
 * Which record to fetch for a delivery, by its `subject`; undefined for objects that this connector has no resource of.
 * Fetch it with `get` and take what comes: `not-found` means that it is archived, and a record of another id that the
 * two were merged.
 */
export const notifiedRecord = (subject: string | undefined): NotifiedRecord | undefined => {
  const [word = '', id = ''] = subject?.split('/') ?? [];
  return isWord(word) && id !== '' ? { resource: resources[word], id } : undefined;
};
