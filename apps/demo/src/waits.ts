import type { EventSink, RuntimeEvent } from '@mortise/runtime';
import type { Sync } from '@mortise/sync';

/** Collects how long calls had to wait, for limits of the vendor or before they were repeated. */
export interface Waits {
  readonly events: EventSink;
  /** Milliseconds during which at least one call of this sync waited. */
  readonly of: (sync: Sync) => number;
}

interface Waited {
  milliseconds: number;
  /** End of the latest wait, Unix ms: calls that wait at the same time count once. */
  until: number;
}

/** Starts at nothing. Says nothing. */
export const collectWaits = (): Waits => {
  const byResource = new Map<string, Waited>();
  const add = (resource: string, { from, until }: { readonly from: number; readonly until: number }) => {
    const waited = byResource.get(resource) ?? { milliseconds: 0, until: 0 };
    waited.milliseconds += Math.max(0, until - Math.max(from, waited.until));
    waited.until = Math.max(until, waited.until);
    byResource.set(resource, waited);
  };
  return {
    events: (event) => {
      const wait = waitOf(event);
      if (wait !== undefined) add(wait.resource, wait);
    },
    of: ({ from, to }) => [from, to].reduce((sum, { id }) => sum + (byResource.get(id)?.milliseconds ?? 0), 0),
  };
};

const waitOf = (event: RuntimeEvent) => {
  if (event.type !== 'quota-waited' && event.type !== 'attempt-failed') return undefined;
  const { at, waitMs } = event;
  const resource = `${event.connection}.${event.operation.split('.')[0]}`;
  // A quota's wait is told when it is over, that before a repeat when it begins.
  return event.type === 'quota-waited'
    ? { resource, from: at - waitMs, until: at }
    : { resource, from: at, until: at + waitMs };
};
