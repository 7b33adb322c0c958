import { describeError, errorCodes } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import { errorOf, scriptedShop, type Told } from './scripted-shop.ts';

const id = 'gid://shopify/Location/1';
const location = {
  id,
  name: 'Berlin',
  isActive: true,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};
const good = { data: { location } };
const refusedWith = (code: string, extensions: object = {}) => ({
  data: { location: null },
  errors: [{ message: 'Secret words of Shopify.', path: ['location'], extensions: { code, ...extensions } }],
});

const failing = async (told: Told) => {
  const { shop, asked } = await scriptedShop(() => told);
  const error = await errorOf(shop.locations.get(id));
  expect(describeError(error)).not.toContain('Secret words');
  return { error, requests: asked.length };
};

describe('vendors.md 3, errors', () => {
  test('a request carries the token in the header of Shopify, to the path of the version', async () => {
    const { shop, asked } = await scriptedShop(() => ({ body: good, headers: { 'x-shopify-api-version': '2026-10' } }));
    expect(await shop.locations.get(id)).toMatchObject({ name: 'Berlin' });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path: '/admin/api/2026-10/graphql.json', operation: 'Location' });
    expect(asked[0]?.headers).toMatchObject({ 'x-shopify-access-token': 'shpat_token' });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  test('a wrong token is unauthenticated', async () => {
    const { error, requests } = await failing({
      status: 401,
      body: { errors: '[API] Invalid API key or access token' },
    });
    expect([error.code, error.status, requests]).toEqual(['unauthenticated', 401, 1]);
  });

  test('a missing scope is forbidden, and named', async () => {
    const required = '`read_locations` access scope or `read_markets_home` access scope.';
    const { error, requests } = await failing({ body: refusedWith('ACCESS_DENIED', { requiredAccess: required }) });
    expect([error.code, error.vendorCode, requests]).toEqual(['forbidden', 'ACCESS_DENIED', 1]);
    expect(error.permissions).toEqual(['read_locations']);
    expect(describeError(error)).toContain('read_locations');
  });

  test('a missing scope that Shopify does not name is one of those that the operation needs', async () => {
    const { error } = await failing({ body: refusedWith('ACCESS_DENIED') });
    expect([error.code, error.permissions]).toEqual(['forbidden', ['read_locations']]);
  });

  test.each([
    ['frozen for an unpaid bill', { status: 402, body: { errors: 'Unavailable Shop' } }],
    ['locked', { status: 423, body: { errors: 'This shop is locked' } }],
    ['inactive', { body: refusedWith('SHOP_INACTIVE') }],
  ])('a shop that is %s is a closed account, and not asked again', async (_name, told) => {
    const { error, requests } = await failing(told);
    expect([error.code, requests]).toEqual(['account-closed', 1]);
    expect(describeError(error)).toContain(errorCodes['account-closed'].nextStep);
  });

  test('a shop that does not exist is not found, and the setting is named', async () => {
    const { error } = await failing({ status: 404, body: { errors: 'Not Found' } });
    expect(error.code).toBe('not-found');
    expect(error.message).toContain('setting shop');
  });

  test('a version that Shopify no longer answers fails with both versions and the next step', async () => {
    const { error, requests } = await failing({ body: good, headers: { 'x-shopify-api-version': '2027-10' } });
    expect([error.code, error.vendorCode, requests]).toEqual(['schema-drift', '2027-10', 1]);
    expect(error.message).toContain('no longer answers version 2026-10 and took 2027-10');
    expect(describeError(error)).toContain(errorCodes['schema-drift'].nextStep);
  });

  test('a request that Shopify takes for a threat is forbidden', async () => {
    const { error } = await failing({ status: 430, body: { errors: 'Security Rejection' } });
    expect(error.code).toBe('forbidden');
  });

  test('trouble at Shopify is tried again', async () => {
    const { shop, asked, clock } = await scriptedShop((_asked, number) =>
      number === 0 ? { body: refusedWith('INTERNAL_SERVER_ERROR') } : { body: good },
    );
    const read = shop.locations.get(id);
    while (asked.length < 2) await clock.advance(100);
    expect(await read).toMatchObject({ name: 'Berlin' });
  });

  test('a record that is not there is null to Shopify, and not found', async () => {
    const { error } = await failing({ body: { data: { location: null } } });
    expect(error).toMatchObject({ code: 'not-found', operation: 'locations.get' });
  });
});
