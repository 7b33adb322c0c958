import { isConnectorError, readField } from '@mortise/runtime';
import { checkPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import { connect, errorOf, recordsOf, useShop } from './shop.ts';

const seeded = useShop();

/** An administrator with exactly these permissions. */
const staff = async (permissions: readonly string[]) => {
  const code = `role-${permissions.join('-').toLowerCase()}`;
  const role = await seeded.query('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', {
    input: { code, description: code, permissions },
  });
  const credentials = { username: `${code}@example.com`, password: 'staff-password' };
  const person = { firstName: 'Staff', lastName: 'Member', emailAddress: credentials.username };
  await seeded.query('mutation ($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }', {
    input: { ...person, password: credentials.password, roleIds: [readField(role, 'createRole.id')] },
  });
  return credentials;
};

const written = (given: readonly { readonly ok: boolean; readonly error?: unknown }[]): void => {
  for (const { ok, error } of given) if (!ok) throw error;
};

/** What a connection can do: 'ok', or the code of the error. */
const outcomes = async (credentials: { username: string; password: string }) => {
  const { shop } = connect(seeded.url(), { credentials });
  const attempts = {
    customers: () => recordsOf(shop.customers.list()),
    variants: () => recordsOf(shop.variants.list()),
    orders: () => recordsOf(shop.orders.list()),
    stockLevels: () => recordsOf(shop.stockLevels.list()),
    locations: () => recordsOf(shop.locations.list()),
    update: () => shop.stockLevels.model.update('1/1', { onHand: 12 }),
    upsert: () => shop.stockLevels.model.upsert([{ key: 'BWL-OAK-S @ Central warehouse', onHand: 12 }]).then(written),
  };
  const read: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    read[name] = await attempt().then(
      () => 'ok',
      (error: unknown) => (isConnectorError(error) ? error.code : 'another error'),
    );
  }
  return read;
};

const refused = {
  customers: 'forbidden',
  variants: 'forbidden',
  orders: 'forbidden',
  stockLevels: 'forbidden',
  locations: 'forbidden',
  update: 'forbidden',
  upsert: 'forbidden',
};
const roles = [
  { permissions: ['ReadCustomer'], allowed: { customers: 'ok' } },
  { permissions: ['ReadProduct'], allowed: { variants: 'ok', stockLevels: 'ok' } },
  { permissions: ['ReadCatalog'], allowed: { variants: 'ok', stockLevels: 'ok', locations: 'ok' } },
  { permissions: ['ReadStockLocation'], allowed: { locations: 'ok' } },
  { permissions: ['ReadOrder'], allowed: { orders: 'ok' } },
  { permissions: ['UpdateProduct'], allowed: { update: 'ok' } },
  { permissions: ['UpdateCatalog'], allowed: { update: 'ok' } },
  {
    permissions: ['ReadProduct', 'ReadStockLocation', 'UpdateProduct'],
    allowed: { variants: 'ok', stockLevels: 'ok', locations: 'ok', update: 'ok', upsert: 'ok' },
  },
  {
    permissions: ['ReadCatalog', 'UpdateCatalog'],
    allowed: { variants: 'ok', stockLevels: 'ok', locations: 'ok', update: 'ok', upsert: 'ok' },
  },
  {
    permissions: ['ReadProduct', 'UpdateProduct'],
    allowed: { variants: 'ok', stockLevels: 'ok', update: 'ok' },
  },
];
for (const { permissions, allowed } of roles) {
  test(`${permissions.join(' and ')} alone allows ${Object.keys(allowed).join(' and ')}`, async () => {
    expect(await outcomes(await staff(permissions))).toEqual({ ...refused, ...allowed });
  });
}

test('a role of five permissions allows everything', async () => {
  const credentials = await staff(['ReadCustomer', 'ReadProduct', 'ReadOrder', 'ReadStockLocation', 'UpdateProduct']);
  expect(new Set(Object.values(await outcomes(credentials)))).toEqual(new Set(['ok']));
});

test('a missing permission is told after one renewal of the session, and names the document', async () => {
  const { shop, events } = connect(seeded.url(), { credentials: await staff(['ReadCustomer', 'ReadOrder']) });
  const error = await errorOf(recordsOf(shop.variants.list()));
  expect(error).toMatchObject({
    code: 'forbidden',
    vendorCode: 'FORBIDDEN',
    operation: 'variants.list',
    permissions: ['ReadProduct'],
    message: expect.stringContaining("it lacks the permission 'ReadProduct' or 'ReadCatalog'"),
  });
  expect(events.map(({ type }) => type).filter((type) => type === 'credentials-renewed')).toHaveLength(1);
});

test('permissions that are missing, or that no operation in use needs, are reported as data and as an event', async () => {
  const credentials = await staff(['ReadProduct', 'ReadCatalog', 'DeleteCustomer']);
  const { shop, events } = connect(seeded.url(), { credentials });
  expect(await checkPermissions(shop, { variants: ['list'], orders: ['list'] })).toEqual({
    required: ['ReadOrder', 'ReadProduct'],
    granted: ['DeleteCustomer', 'ReadCatalog', 'ReadProduct'],
    missing: ['ReadOrder'],
    unused: ['DeleteCustomer', 'ReadCatalog'],
  });
  expect(events.at(-1)).toMatchObject({
    type: 'permissions-checked',
    missing: ['ReadOrder'],
    unused: ['DeleteCustomer', 'ReadCatalog'],
  });
});
