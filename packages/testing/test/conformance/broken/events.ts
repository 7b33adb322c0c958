import { readField, type SubscribeRequest } from '@mortise/runtime';
import { type Call, subscribe, webhooks } from '../reference/connector.ts';
import { variation } from './variation.ts';

const sleepless = (call: Call): Call => ({ ...call, signal: undefined });

let deliveries = 0;

/** Broken in what arrives by itself. */
export const brokenEvents = {
  'webhook-taken': () =>
    variation({
      webhooks: {
        read: () => {
          throw new Error('not of the form that was expected');
        },
      },
    }),
  'webhook-bad-signature-refused': () =>
    variation({ webhooks: { signature: { ...webhooks.signature, matches: () => true } } }),
  'webhook-stale-refused': () => variation({ webhooks: { toleranceMs: 86_400_000 } }),
  'webhook-duplicate-once': () =>
    variation({
      webhooks: {
        read: () => {
          deliveries += 1;
          return [{ key: `arrival-${deliveries}`, topic: 'thing.changed' }];
        },
      },
    }),
  'webhook-keys-distinct': () =>
    variation({ webhooks: { read: () => [{ key: 'thing.changed', topic: 'thing.changed' }] } }),
  'subscription-tells-changes': () =>
    variation({
      operations: {
        subscribe: async function* (call: Call, { since = new Date(0) }: SubscribeRequest) {
          for await (const change of subscribe(call, { since })) {
            // Strictly behind: what has the very stamp is lost.
            if (Date.parse(`${readField(change.record, 'changedAt')}`) > since.getTime()) yield change;
          }
        },
      },
    }),
  'subscription-catches-up': () =>
    variation({
      operations: {
        subscribe: async function* (call: Call, request: SubscribeRequest) {
          for await (const change of subscribe(call, request)) {
            yield change;
            return;
          }
        },
      },
    }),
  'subscription-stops': () =>
    variation({
      operations: {
        subscribe: async function* (call: Call, request: SubscribeRequest) {
          for (;;) {
            try {
              yield* subscribe(sleepless(call), request);
            } catch {
              await new Promise((resolve) => setTimeout(resolve, 5));
            }
          }
        },
      },
    }),
};
