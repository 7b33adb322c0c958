import type { Sandbox, SandboxClock, SandboxContext, SandboxDatabase, WriteNote } from '@mortise/testing';
import type { CostBucket } from './cost/bucket.ts';
import type { ShopifySettings } from './settings.ts';

/** What a shop is: its records, its limits and what waits to be sent. */
export interface ShopifyState {
  readonly database: SandboxDatabase;
  readonly settings: ShopifySettings;
  readonly clock: SandboxClock;
  readonly bucket: CostBucket;
}

/** A running stand-in. */
export interface ShopifySandbox extends Sandbox<ShopifyState> {
  /** Sends the webhooks that are due on the sandbox's clock, and tells how many were sent. */
  readonly deliver: () => Promise<number>;
}

/** What handlers get. */
export type Context = SandboxContext<ShopifyState>;

/** What a write is done with. */
export interface Writing {
  readonly state: ShopifyState;
  /** Unix milliseconds, of the request. */
  readonly at: number;
  readonly noteWrite: (note: WriteNote) => void;
}
