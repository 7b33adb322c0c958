import { open } from '@mortise/runtime';
import { requiredPermissions } from '@mortise/runtime/auth';
import { describe, expect, test } from 'vitest';
import shopify, { searchLagMs } from '../src/index.ts';
import { errorOf } from './scripted-shop.ts';
import { drive, noon, recordsOf, standIn } from './stand-in.ts';

const seed = { number: 7, products: 40, customers: 60, orders: 30 };

interface Keyed {
  readonly id: string;
}

const idsOf = (records: readonly Keyed[]): string[] => records.map(({ id }) => id).toSorted();

describe('vendors.md 3, a whole shop', () => {
  test.each(['products', 'variants', 'customers', 'orders', 'inventoryItems', 'stockLevels', 'locations'] as const)(
    'every record of %s is read once, in pages of any size, and none is refused',
    async (resource) => {
      const { shop, clock } = await standIn({ seed });
      const read = async (pageSize: number) => {
        const ids: string[] = [];
        for await (const { records, rejected } of shop[resource].list({ pageSize })) {
          expect(rejected).toEqual([]);
          ids.push(...records.map(({ id }) => id));
        }
        return ids;
      };
      const small = await drive(clock, read(7));
      const large = await drive(clock, read(250));
      expect(large.length).toBeGreaterThan(0);
      expect(new Set(small).size).toBe(small.length);
      expect(small.toSorted()).toEqual(large.toSorted());
    },
  );

  test.each(['products', 'variants', 'customers', 'orders', 'stockLevels'] as const)(
    'since the beginning, %s gives by change what it gives whole',
    async (resource) => {
      const { shop, clock } = await standIn({ seed });
      const changed = await drive(clock, recordsOf<Keyed>(shop[resource].list({ since: new Date(0), pageSize: 9 })));
      const whole = await drive(clock, recordsOf<Keyed>(shop[resource].list()));
      expect(idsOf(changed)).toEqual(idsOf(whole));
    },
  );

  test.each(['products', 'variants', 'customers', 'orders', 'inventoryItems', 'stockLevels'] as const)(
    'a backfill of %s gives the records of its list, field by field',
    async (resource) => {
      const { shop, clock } = await standIn({ seed, settings: { bulkOperationMs: 12_000 } });
      const bulk = await drive(clock, recordsOf<Keyed>(shop[resource].backfill()));
      const listed = await drive(clock, recordsOf<Keyed>(shop[resource].list()));
      const byId = (records: readonly Keyed[]) => new Map(records.map((record) => [record.id, record]));
      expect(byId(bulk)).toEqual(byId(listed));
    },
  );

  test.each(['variants', 'customers', 'orders', 'stockLevels', 'locations'] as const)(
    'every record of %s reads as its model',
    async (resource) => {
      const { shop, clock } = await standIn({ seed });
      const read = async () => {
        const rejected: unknown[] = [];
        for await (const page of shop[resource].model.list()) rejected.push(...page.rejected);
        return rejected;
      };
      expect(await drive(clock, read())).toEqual([]);
    },
  );
});

describe('vendors.md 3, cost throttle', () => {
  test('a shop with a small bucket is read whole, and the queries wait before they are sent', async () => {
    const { shop, clock, sandbox } = await standIn({ seed, settings: { bucketPoints: 200, restorePerSecond: 20 } });
    const orders = await drive(clock, recordsOf(shop.orders.list({ pageSize: 10 })));
    expect(orders).toHaveLength(30);
    expect(sandbox.requests().length).toBeLessThan(12);
  });

  test('a query that costs more than Shopify allows is asked for in smaller pages', async () => {
    const { shop, clock } = await standIn({ seed, settings: { maxQueryCost: 60 } });
    expect(await drive(clock, recordsOf(shop.orders.list()))).toHaveLength(30);
  });
});

describe('vendors.md 3, errors', () => {
  test.each(['frozen', 'locked', 'inactive'] as const)('a %s shop is a closed account', async (account) => {
    const { shop, clock } = await standIn({ settings: { account } });
    expect((await drive(clock, errorOf(recordsOf(shop.products.list())))).code).toBe('account-closed');
  });

  test('a version that is no longer answered ends in drift, with the version that was', async () => {
    const { shop, clock } = await standIn({ settings: { supportedVersions: ['2027-01', '2027-04'] } });
    const error = await drive(clock, errorOf(recordsOf(shop.products.list())));
    expect(error).toMatchObject({ code: 'schema-drift', vendorCode: '2027-01' });
  });

  test('a wrong token is unauthenticated', async () => {
    const { shop, clock } = await standIn({ settings: { accessTokens: ['another'] } });
    expect((await drive(clock, errorOf(recordsOf(shop.products.list())))).code).toBe('unauthenticated');
  });

  const use = {
    products: ['list', 'upsert'],
    customers: ['list'],
    orders: ['list'],
    stockLevels: ['list', 'update'],
  } as const;
  const required = requiredPermissions(shopify, use);
  const run = async (grantedScopes: readonly string[]) => {
    const { shop, clock } = await standIn({ seed, settings: { grantedScopes } });
    const all = async () => {
      await recordsOf(shop.products.list());
      const sample = { sku: 'NEW-1', name: 'Lamp', description: null, price: null, active: true };
      const [outcome] = await shop.products.model.upsert([sample]);
      if (outcome?.ok === false) throw outcome.error;
      await recordsOf(shop.customers.list());
      await recordsOf(shop.orders.list());
      const [level] = await recordsOf(shop.stockLevels.list());
      await recordsOf(shop.stockLevels.list({ since: new Date(0) }));
      await shop.stockLevels.model.update(level?.id ?? '', { onHand: 4711 });
    };
    return drive(
      clock,
      all().then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  };

  test('a run with exactly the derived scopes works', async () => {
    expect(await run(required)).toBeUndefined();
  });

  test.each(required)('without %s the run is forbidden, and the error names it', async (scope) => {
    const error = await run(required.filter((each) => each !== scope));
    // A scope to write reads too, and what is read first is refused first.
    expect(error).toMatchObject({ code: 'forbidden', permissions: [scope.replace(/^write_/, 'read_')] });
  });
});

describe('vendors.md 3, writes', () => {
  test('a product that was written is found by its handle, reads as it was written, and is one', async () => {
    const { shop, clock, sandbox } = await standIn({});
    const lamp = {
      sku: 'L-1',
      name: 'Lamp',
      description: '<p>x</p>',
      price: { amountMinor: 1990, currency: 'EUR' },
      active: true,
    };
    const write = () => drive(clock, shop.products.model.upsert([lamp]));
    const [first] = await write();
    const [second] = await write();
    expect([first, second]).toMatchObject([
      { ok: true, created: true },
      { ok: true, created: false },
    ]);
    const found = await drive(clock, shop.products.model.find({ field: 'handle', value: 'l-1' }));
    expect(found).toMatchObject(lamp);
    expect(await drive(clock, recordsOf(shop.products.list()))).toHaveLength(1);
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('a write whose answer is lost is sent again under its key, and is done once', async () => {
    const { shop, clock, sandbox } = await standIn({ seed });
    const [level] = await drive(clock, recordsOf(shop.stockLevels.list()));
    const before = sandbox.requests().length;
    // The first one looks at the level, the second one writes.
    sandbox.inject({ kind: 'drop-after-write', nth: 2 });
    const written = await drive(clock, shop.stockLevels.model.update(level?.id ?? '', { onHand: 4711 }));
    expect(written).toMatchObject({ onHand: 4711 });
    expect(sandbox.requests().length - before).toBe(4);
  });

  test('a customer is written by its address, twice, and is one', async () => {
    const { shop, clock } = await standIn({});
    const ada = { email: 'ada@example.test', firstName: 'Ada', lastName: 'Lovelace', phone: null };
    for (let time = 0; time < 2; time += 1) {
      const [outcome] = await drive(clock, shop.customers.model.upsert([ada]));
      expect(outcome).toMatchObject({ ok: true, record: { email: 'ada@example.test', lastName: 'Lovelace' } });
    }
    expect(await drive(clock, recordsOf(shop.customers.list()))).toHaveLength(1);
  });

  test('stock is set, read back, and told by its own change', async () => {
    const { shop, clock } = await standIn({ seed });
    const [level] = await drive(clock, recordsOf(shop.stockLevels.list()));
    const id = level?.id ?? '';
    expect(await drive(clock, shop.stockLevels.model.update(id, { onHand: 4711 }))).toMatchObject({ id, onHand: 4711 });
    const changed = await drive(clock, recordsOf(shop.stockLevels.model.list({ since: new Date(noon - 1_000) })));
    expect(changed.map((each) => [each.id, each.onHand])).toContainEqual([id, 4711]);
  });
});

describe('vendors.md 3, paging', () => {
  test('lists know no end where Shopify ends a connection', async () => {
    const { shop, clock } = await standIn({ seed, settings: { pagedObjects: 20 } });
    expect(await drive(clock, recordsOf(shop.customers.list({ pageSize: 8 })))).toHaveLength(60);
    expect(await drive(clock, recordsOf(shop.customers.list({ since: new Date(0), pageSize: 8 })))).toHaveLength(60);
  });

  test('ids beyond 2^53 keep all their digits', async () => {
    const { shop, clock } = await standIn({ seed });
    const long = idsOf(await drive(clock, recordsOf<Keyed>(shop.products.list()))).filter((id) =>
      /\/9\d{15,}$/.test(id),
    );
    expect(long.length).toBeGreaterThan(0);
    for (const id of long) expect((await drive(clock, shop.products.get(id))).id).toBe(id);
  });

  test('what the search does not know of yet is given within the lag that is declared', async () => {
    const { shop, clock } = await standIn({ settings: { searchLagMs } });
    const ada = { email: 'ada@example.test', firstName: 'Ada', lastName: null, phone: null };
    await drive(clock, shop.customers.model.upsert([ada]));
    const since = new Date(noon - 1_000);
    expect(await drive(clock, recordsOf(shop.customers.list({ since })))).toEqual([]);
    await clock.advance(searchLagMs);
    expect(await drive(clock, recordsOf(shop.customers.list({ since })))).toHaveLength(1);
  });
});

describe('vendors.md 3, OAuth', () => {
  test("an app's own token is got, used, and got again when it has ended", async () => {
    const { connection, clock, sandbox } = await standIn({ seed });
    const credentials = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
    const shop = open(shopify, { ...connection, credentials });
    await drive(clock, recordsOf(shop.locations.list()));
    await clock.advance(86_400_000);
    expect((await drive(clock, recordsOf(shop.locations.list()))).length).toBeGreaterThan(0);
    const asked = sandbox.requests().filter(({ path }) => path === '/admin/oauth/access_token');
    expect(asked).toHaveLength(2);
  });

  test('a wrong client secret is unauthenticated', async () => {
    const { connection, clock } = await standIn({});
    const credentials = { clientId: 'sandbox-client', clientSecret: 'wrong' };
    const error = await drive(
      clock,
      errorOf(recordsOf(open(shopify, { ...connection, credentials }).locations.list())),
    );
    expect(error.code).toBe('unauthenticated');
  });
});
