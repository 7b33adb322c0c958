import type { Contact, Order, Product, StockLevel } from '@mortise/models';
import type { Page, ResourceShape } from '@mortise/runtime';
import type { Sync, SyncResource } from '@mortise/sync';
import type { OpenWith } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import type { WebhookSender } from '../webhook-receiver.ts';

/** A live resource that syncs read models of one kind from, whatever vendor it is of. */
export type Source<Model> = SyncResource<ResourceShape & { readonly model: Model }> & { readonly list: unknown };

/** What the demo reads from a shop, and how the shop takes stock. */
export interface ShopSide {
  readonly customers: Source<Contact>;
  readonly products: Source<Product>;
  readonly orders: Source<Order>;
  /** The stock that the shop itself tells of. */
  readonly stock: (signal: AbortSignal) => AsyncIterable<Page<StockLevel>>;
  /** The sync that brings stock into the shop. */
  readonly stockSync: (stock: Source<StockLevel>) => Sync;
  /** How often it may be asked what has changed: time between two rounds, milliseconds. */
  readonly pollMs: number;
  /** Its webhooks, where it sends any. */
  readonly webhooks?: WebhookSender;
}

/** What the demo reads from where the stock is kept, and what it brings there. */
export interface InventorySide {
  readonly stock: Source<StockLevel>;
  /** The syncs that bring the shop's records there, in the order in which they run. */
  readonly syncsFrom: (shop: ShopSide) => readonly Sync[];
  /** Counts the shop's stock there, once. */
  readonly fill?: (shop: ShopSide, lifetime: Lifetime) => Promise<void>;
  /** Ids of stock levels as they change, where it tells of them by itself; ends with the signal. */
  readonly changedStock?: (signal: AbortSignal) => AsyncIterable<string>;
}

/** A system of the demo that answers. */
export interface RunningSystem<Side> {
  /** Says where it is and how to look at it: one line each, the first one in bold. Holds no secret. */
  readonly welcome: readonly string[];
  readonly connect: (options: OpenWith) => Side;

  readonly stop: () => Promise<void>;
}
