import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, open } from '@mortise/runtime';
import { checkPermissions, webAuthorization } from '@mortise/runtime/auth';
import { openStore } from '@mortise/store';
import { describe, expect, onTestFinished, test } from 'vitest';
import shopify from '../src/index.ts';
import { type Asked, errorOf, scriptedShop, type Told } from './scripted-shop.ts';

const id = 'gid://shopify/Location/1';
const location = {
  id,
  name: 'Berlin',
  isActive: true,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};
const client = { clientId: 'app', clientSecret: 'app-secret' };
/** A store on the disk that goes with the test. */
const storeFor = async (clock: Clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'shopify-'));
  const store = await openStore({ path: join(folder, 'state.db'), key: randomBytes(32), clock });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
};

/** A shop whose tokens live an hour and whose refresh tokens are good once. */
const rotating = () => {
  let issued = 0;
  const issue = (): Told => {
    issued += 1;
    const tokens = { access_token: `shpat_${issued}`, refresh_token: `shprt_${issued}`, scope: 'read_locations' };
    return { body: { ...tokens, expires_in: 3_600, refresh_token_expires_in: 7_776_000 } };
  };
  const script = ({ path, body, headers }: Asked): Told => {
    if (path === '/admin/oauth/access_token') {
      const given = new URLSearchParams(body);
      const refresh = given.get('refresh_token');
      if (refresh !== null && refresh !== `shprt_${issued}`) return { status: 400, body: { error: 'invalid_grant' } };
      return issue();
    }
    const known = headers['x-shopify-access-token'] === `shpat_${issued}`;
    return known ? { body: { data: { location } } } : { status: 401, body: { errors: 'Invalid token' } };
  };
  return script;
};

const grants = (asked: readonly Asked[]) =>
  asked
    .filter(({ path }) => path === '/admin/oauth/access_token')
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

describe('vendors.md 3, OAuth', () => {
  test("an app's own token is got by its client id and secret, used in Shopify's header, and got again in time", async () => {
    const { options, asked, clock } = await scriptedShop(rotating());
    const shop = open(shopify, { ...options, credentials: client });
    await shop.locations.get(id);
    await shop.locations.get(id);
    expect(grants(asked)).toEqual([
      { grant_type: 'client_credentials', client_id: 'app', client_secret: 'app-secret' },
    ]);
    expect(asked[1]?.headers).toMatchObject({ 'x-shopify-access-token': 'shpat_1' });
    expect(asked[1]?.headers.authorization).toBeUndefined();
    await clock.advance(3_600_000);
    await shop.locations.get(id);
    expect(grants(asked)).toHaveLength(2);
  });

  test('a merchant is sent to the shop with the scopes in use, comes back with a code, and the tokens rotate', async () => {
    const { options, asked, clock, origin } = await scriptedShop(rotating());
    const store = await storeFor(clock);
    const settings = { ...options.settings, grant: 'authorization-code' } as const;
    const given = { ...options, settings, credentials: client, store };
    const web = webAuthorization(shopify, {
      ...given,
      redirectUri: 'https://app.example.test/callback',
      use: { products: ['list', 'upsert'], locations: ['get'] },
    });
    const url = await web.authorizeUrl('shop-1', { browser: 'b' });
    expect(url.href.startsWith(`${origin}/admin/oauth/authorize?`)).toBe(true);
    expect(url.searchParams.get('scope')).toBe('read_locations,write_products');
    const back = new URL('https://app.example.test/callback?code=abc');
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    await web.callback(new Request(back), { browser: 'b' });
    expect(grants(asked)[0]).toMatchObject({ grant_type: 'authorization_code', code: 'abc', expiring: '1' });

    const shop = open(shopify, { ...given, id: 'shop-1' });
    expect(await shop.locations.get(id)).toMatchObject({ name: 'Berlin' });
    await clock.advance(3_600_000);
    await Promise.all([shop.locations.get(id), shop.locations.get(id)]);
    const refreshed = {
      grant_type: 'refresh_token',
      refresh_token: 'shprt_1',
      client_id: 'app',
      client_secret: 'app-secret',
    };
    expect(grants(asked).slice(1)).toEqual([refreshed]);
    // Another process, with the store's token and none of its own.
    expect(await open(shopify, { ...given, id: 'shop-1' }).locations.get(id)).toMatchObject({ name: 'Berlin' });
    expect(grants(asked)).toHaveLength(2);
  });

  test('a refresh token that is refused for good asks for a new consent', async () => {
    const { options } = await scriptedShop(({ path }) =>
      path === '/admin/oauth/access_token' ? { status: 400, body: { error: 'invalid_grant' } } : { body: {} },
    );
    const settings = { ...options.settings, grant: 'authorization-code' } as const;
    const credentials = { ...client, refreshToken: 'shprt_0' };
    const error = await errorOf(open(shopify, { ...options, id: 's', settings, credentials }).locations.get(id));
    expect(error.code).toBe('unauthenticated');
    expect(error.message).toContain("connection 's' needs to be connected again");
  });

  test("what a custom app's token may do is asked of the shop", async () => {
    const accessScopes = [{ handle: 'write_products' }, { handle: 'read_orders' }];
    const { shop } = await scriptedShop(() => ({ body: { data: { currentAppInstallation: { accessScopes } } } }));
    const report = await checkPermissions(shop, { products: ['list', 'upsert'], locations: ['list'] });
    expect(report).toMatchObject({ missing: ['read_locations'], unused: ['read_orders'] });
  });

  test.each([
    [{}, 'give accessToken, or clientId and clientSecret'],
    [{ accessToken: 'a', clientId: 'b' }, 'give accessToken, or clientId and clientSecret'],
  ])('credentials %j are refused when the connection is opened', (credentials, advice) => {
    const settings = { shop: 'my-store.myshopify.com' };
    expect(() => open(shopify, { settings, credentials })).toThrow(advice);
  });

  test('a domain that is not the own one of a store is refused', () => {
    const credentials = { accessToken: 'a' };
    expect(() => open(shopify, { settings: { shop: 'shop.example.com' }, credentials })).toThrow('myshopify.com');
  });
});
