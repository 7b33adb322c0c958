import { createAdminApiClient } from '@shopify/admin-api-client';
import { describe, expect, test } from 'vitest';
import { type ShopifySandbox, seedRecords } from '../src/index.ts';
import { at, rowsAt, smallShop, startedSandbox } from './started.ts';

/** The vendor's client insists on https and a shop's domain: its requests are sent to the sandbox instead. */
function clientOf(sandbox: ShopifySandbox, accessToken = 'sandbox-token') {
  return createAdminApiClient({
    storeDomain: 'sandbox.myshopify.com',
    apiVersion: '2026-10',
    accessToken,
    retries: 1,
    customFetchApi: (url, init) => {
      const { pathname } = new URL(String(url));
      return fetch(sandbox.url + pathname, { ...init, body: String(init?.body) });
    },
  });
}

const list = `query L($first: Int!, $after: String) {
  customers(first: $first, after: $after, sortKey: UPDATED_AT) {
    nodes { id firstName lastName email phone tags updatedAt defaultAddress { city countryCodeV2 } }
    pageInfo { hasNextPage endCursor }
  }
}`;

describe('@shopify/admin-api-client', () => {
  test('its parsed objects equal the seed field by field, over more than three pages', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const client = clientOf(sandbox);
    const read: object[] = [];
    let pages = 0;
    for (let after: unknown = null; ; ) {
      const { data, errors } = await client.request(list, { variables: { first: 8, after } });
      expect(errors).toBeUndefined();
      read.push(...rowsAt(data, 'customers.nodes'));
      pages += 1;
      if (at(data, 'customers.pageInfo.hasNextPage') !== true) break;
      after = at(data, 'customers.pageInfo.endCursor');
    }
    const seeded = seedRecords(smallShop).filter(({ type }) => type === 'Customer');
    const expected = seeded.map(({ id, body, updatedAt }) => ({
      id: `gid://shopify/Customer/${id}`,
      ...{ firstName: body.firstName, lastName: body.lastName, email: body.email, phone: body.phone, tags: body.tags },
      updatedAt: `${new Date(updatedAt).toISOString().slice(0, 19)}Z`,
      defaultAddress: body.defaultAddress === null ? null : { city: 'Berlin', countryCodeV2: 'DE' },
    }));
    expect(read).toEqual(expected);
    expect([pages, read.length]).toEqual([4, 30]);
    expect(sandbox.requests().map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('its retry after a 503 is seen in the request log', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    sandbox.inject({ kind: 'status', status: 503 });
    const { data } = await clientOf(sandbox).request(list, { variables: { first: 1 } });
    expect(rowsAt(data, 'customers.nodes')).toHaveLength(1);
    expect(sandbox.requests().map(({ status }) => status)).toEqual([503, 200]);
  });

  test("its error object carries the vendor's code", async () => {
    const sandbox = await startedSandbox({ seed: smallShop, settings: { bucketPoints: 1 } });
    const { errors, extensions } = await clientOf(sandbox).request(list, { variables: { first: 250 } });
    expect(at(errors?.graphQLErrors, '0.extensions.code')).toBe('THROTTLED');
    expect(at(extensions, 'cost.actualQueryCost')).toBeNull();
    const denied = await clientOf(sandbox, 'wrong').request(list, { variables: { first: 1 } });
    expect(denied.errors?.networkStatusCode).toBe(401);
  });
});
