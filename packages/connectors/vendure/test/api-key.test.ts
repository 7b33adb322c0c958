import { open, type RuntimeEvent, readField } from '@mortise/runtime';
import { checkPermissions, requiredPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import vendure from '../src/index.ts';
import { errorOf, recordsOf, useShop } from './shop.ts';

const seeded = useShop();

const use = { customers: ['list'], variants: ['list'], orders: ['list'], stockLevels: ['list', 'update'] } as const;
const required = requiredPermissions(vendure, use);

let count = 0;

/** A connection by an API key whose role has exactly these permissions. */
const openWith = async (permissions: readonly string[]) => {
  const code = `key-${count++}`;
  const role = await seeded.query('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', {
    input: { code, description: code, permissions },
  });
  const created = await seeded.query(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey } }',
    {
      input: {
        roleIds: [readField(role, 'createRole.id')],
        translations: [{ languageCode: 'en', name: code }],
      },
    },
  );
  return openBy(String(readField(created, 'createApiKey.apiKey')));
};

const openBy = (apiKey: string) => {
  const events: RuntimeEvent[] = [];
  const options = { settings: { url: seeded.url() }, credentials: { apiKey } };
  return { shop: open(vendure, { ...options, events: (event) => void events.push(event) }), events, apiKey };
};

type Shop = ReturnType<typeof openBy>['shop'];

/** A run over all that is in use. */
const run = async (shop: Shop): Promise<void> => {
  await recordsOf(shop.customers.list());
  await recordsOf(shop.variants.list());
  await recordsOf(shop.orders.list());
  await recordsOf(shop.stockLevels.list());
  await shop.stockLevels.model.update('1/1', { onHand: 12 });
};

test('the operations in use need four permissions, of those that stand in for each other the smaller', () => {
  expect(required).toEqual(['ReadCustomer', 'ReadOrder', 'ReadProduct', 'UpdateProduct']);
  expect(requiredPermissions(vendure, { orders: ['list'] })).toEqual(['ReadOrder']);
});

test('a run with an API key of exactly the derived permissions works', async () => {
  const { shop, events } = await openWith(required);
  await run(shop);
  expect(events.filter(({ type }) => type === 'credentials-renewed')).toEqual([]);
});

for (const removed of required) {
  test(`without ${removed} the run fails, and names it`, async () => {
    const { shop, events } = await openWith(required.filter((permission) => permission !== removed));
    const error = await errorOf(run(shop));
    expect(error).toMatchObject({
      code: 'forbidden',
      permissions: [removed],
      message: expect.stringContaining(`it needs the permission '${removed}'`),
    });
    expect(events.filter(({ type }) => type === 'attempt-failed' || type === 'credentials-renewed')).toEqual([]);
  });
}

test('an API key cannot tell its permissions, so that none are reported as missing or unused', async () => {
  const { shop } = await openWith(['ReadOrder', 'DeleteCustomer']);
  expect(await checkPermissions(shop, use)).toEqual({ required, granted: undefined, missing: [], unused: [] });
});

test('a key that the shop does not know is unauthenticated, not forbidden, and appears nowhere', async () => {
  const { shop, events, apiKey } = openBy(`${'0'.repeat(24)}:${'1'.repeat(64)}`);
  const error = await errorOf(recordsOf(shop.orders.list()));
  expect(error).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('API key') });
  expect(JSON.stringify([error, events])).not.toContain(apiKey);
});

test('both kinds of credentials at once, or half of one, are refused when opened', () => {
  const settings = { url: 'https://shop.example.com/admin-api' };
  for (const credentials of [{}, { username: 'a' }, { password: 'b' }, { apiKey: 'k', username: 'a', password: 'b' }]) {
    expect(() => open(vendure, { settings, credentials })).toThrow('give apiKey, or username and password');
  }
});
