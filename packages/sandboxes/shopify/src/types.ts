import type { Route, SandboxClock, SandboxContext, SandboxDatabase } from '@mortise/testing';
import type { CostBucket } from './limits/bucket.ts';
import type { ShopifySettings } from './settings.ts';
import type { WebhookSender } from './webhooks/sender.ts';

/** The types whose rows this stand-in keeps. */
export type RecordType =
  | 'Product'
  | 'ProductVariant'
  | 'Customer'
  | 'Order'
  | 'LineItem'
  | 'InventoryItem'
  | 'InventoryLevel'
  | 'Location'
  | 'DeletionEvent'
  | 'BulkOperation'
  | 'WebhookSubscription';

/** A stored object. */
export type StoredRecord = {
  type: RecordType;
  /** Digits of the id, without its gid; may be above 2^53. */
  id: string;
  /** Id of the object that it belongs to: of a variant its product, of a line its order, of a level its item. */
  parent: string | null;
  /** The other end, where there is one: of a variant its inventory item, of a level its location. */
  other: string | null;
  /** Fields as GraphQL names them; the ids and stamps are columns. */
  body: Readonly<Record<string, unknown>>;
  /** Unix milliseconds. */
  createdAt: number;
  /** Unix milliseconds. */
  updatedAt: number;
};

/** Where the stand-in reads the time and lets later work wait; a virtual clock fits. */
export type ShopifyClock = SandboxClock & {
  /** Runs `callback` after so many milliseconds; answers what cancels it. */
  schedule(callback: () => void, milliseconds: number): () => void;
};

/** The state of one stand-in. */
export type ShopifyState = {
  database: SandboxDatabase;
  settings: ShopifySettings;
  clock: ShopifyClock;
  bucket: CostBucket;
  webhooks: WebhookSender;
};

/** Context of a handler. */
export type Context = SandboxContext<ShopifyState>;

/** A line of the route table. */
export type ShopifyRoute = Route<ShopifyState>;
