import { open, type RuntimeEvent } from '@mortise/runtime';
import { type ShopifySandboxOptions, startShopifySandbox } from '@mortise/sandbox-shopify';
import { virtualClock } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import shopify from '../src/index.ts';

export { drive } from '@mortise/testing';

/** Noon of the day of these tests, Unix milliseconds. */
export const noon = Date.UTC(2026, 10, 23, 12);

/** A shop of the stand-in's over real sockets and a connection to it, both on one virtual clock that `drive` moves. */
export const standIn = async (
  options: Omit<ShopifySandboxOptions, 'clock'> = {},
  settings: { compareStock?: boolean } = {},
) => {
  const clock = virtualClock(noon);
  const sandbox = await startShopifySandbox({ ...options, clock });
  onTestFinished(() => sandbox.close());
  const events: RuntimeEvent[] = [];
  const connection = {
    settings: { shop: 'sandbox.myshopify.com', origin: sandbox.url, ...settings },
    clock,
    random: () => 0,
    events: (event: RuntimeEvent) => void events.push(event),
    // Virtual hours pass while a real socket answers.
    limits: { requestTimeoutMs: 2e9, callTimeoutMs: 2e9, quotaReserve: 0 },
  };
  const shop = open(shopify, { ...connection, credentials: { accessToken: 'sandbox-token' } });
  return { sandbox, shop, events, clock, connection };
};

/** All records of a list. */
export const recordsOf = async <Item>(pages: AsyncIterable<{ readonly records: readonly Item[] }>): Promise<Item[]> => {
  const records: Item[] = [];
  for await (const page of pages) records.push(...page.records);
  return records;
};
