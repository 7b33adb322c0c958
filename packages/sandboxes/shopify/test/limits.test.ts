import { describe, expect, test } from 'vitest';
import { sizeFactor } from '../src/limits/cost.ts';
import { ask, at, codes, smallShop, startedSandbox } from './started.ts';

const dear = '{ products(first: 250) { nodes { id variants(first: 10) { nodes { id product { id } } } } } }';
const stopped = (start: number) => {
  let now = start;
  return {
    now: () => now,
    schedule: () => () => {},
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
};

describe('vendors.md 3, cost throttle', () => {
  test.each([
    [1, 1],
    [5, 3],
    [10, 4],
    [20, 5],
    [50, 7],
    [100, 9],
    [250, 11],
  ])('a connection of %d counts its child %d times', (size, factor) => {
    expect(sizeFactor(size)).toBe(factor);
  });

  test('the documented example costs 25, and what was not there is given back', async () => {
    const sandbox = await startedSandbox({ seed: smallShop, clock: stopped(0) });
    const query =
      '{ product(id: "gid://shopify/Product/1002") { variants(first: 250) { nodes { inventoryItem { id } } } } }';
    const { cost } = await ask(sandbox, query);
    expect(cost).toEqual({
      requestedQueryCost: 25,
      actualQueryCost: 5,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1995, restoreRate: 100 },
    });
  });

  test('an empty bucket answers THROTTLED with HTTP 200, and the clock restores it', async () => {
    const clock = stopped(0);
    const sandbox = await startedSandbox({ clock, settings: { bucketPoints: 100 } });
    const refused = await ask(sandbox, dear);
    expect([refused.status, ...codes(refused)]).toEqual([200, 'THROTTLED']);
    expect(refused.cost).toMatchObject({ actualQueryCost: null });
    sandbox.state.settings.bucketPoints = 2000;
    clock.pass(20_000);
    expect(codes(await ask(sandbox, dear))).toEqual([]);
  });

  test('a query that costs more than any bucket may give is refused by its own code', async () => {
    const sandbox = await startedSandbox({ settings: { maxQueryCost: 20 } });
    const refused = await ask(sandbox, dear);
    expect([refused.status, ...codes(refused)]).toEqual([200, 'MAX_COST_EXCEEDED']);
    expect(at(refused.errors[0], 'message')).toMatch(/^Query has a cost of \d+, which exceeds the max cost of 20$/);
  });

  test('the debug header shows the cost field by field', async () => {
    const sandbox = await startedSandbox();
    const { cost } = await ask(sandbox, '{ products(first: 5) { nodes { id } } }', {
      headers: { 'shopify-graphql-cost-debug': '1' },
    });
    expect(cost.fields).toEqual([
      { path: ['products'], definedCost: 2, requestedTotalCost: 5, requestedChildrenCost: 3 },
    ]);
  });
});

describe('vendors.md 3, versions, tokens, scopes and closed shops', () => {
  test('a retired version falls forward to the oldest, and the header says so', async () => {
    const sandbox = await startedSandbox();
    const served = async (version: string) =>
      (await ask(sandbox, '{ shop { id } }', { version })).headers.get('x-shopify-api-version');
    expect(await served('2026-10')).toBe('2026-10');
    expect(await served('2024-01')).toBe('2026-01');
  });

  test('a wrong token answers 401', async () => {
    const sandbox = await startedSandbox();
    expect((await ask(sandbox, '{ shop { id } }', { token: 'x' })).status).toBe(401);
  });

  test('a missing scope answers ACCESS_DENIED with HTTP 200, and names it', async () => {
    const sandbox = await startedSandbox({ seed: smallShop, settings: { grantedScopes: ['read_products'] } });
    expect(codes(await ask(sandbox, '{ products(first: 1) { nodes { id } } }'))).toEqual([]);
    const refused = await ask(sandbox, '{ customers(first: 1) { nodes { id } } }');
    expect([refused.status, ...codes(refused)]).toEqual([200, 'ACCESS_DENIED']);
    expect(at(refused.errors[0], 'extensions.requiredAccess')).toBe('`read_customers` access scope.');
    const scopes = await ask(sandbox, '{ currentAppInstallation { accessScopes { handle } } }');
    expect(at(scopes.data, 'currentAppInstallation.accessScopes')).toEqual([{ handle: 'read_products' }]);
  });

  test.each([
    ['frozen', 402],
    ['locked', 423],
    ['inactive', 200],
  ] as const)('a shop that is %s answers %d', async (account, status) => {
    const sandbox = await startedSandbox({ settings: { account } });
    const refused = await ask(sandbox, '{ shop { id } }');
    expect(refused.status).toBe(status);
    expect(codes(refused)).toEqual(account === 'inactive' ? ['SHOP_INACTIVE'] : []);
  });

  test('the faults of the kit apply', async () => {
    const sandbox = await startedSandbox();
    sandbox.inject({ kind: 'status', status: 429, body: {}, match: { path: '/admin/api/*' } });
    expect((await ask(sandbox, '{ shop { id } }')).status).toBe(429);
    expect((await ask(sandbox, '{ shop { id } }')).status).toBe(200);
  });
});
