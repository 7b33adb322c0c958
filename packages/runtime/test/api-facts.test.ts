import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { type ApiFacts, apiFactsOf, defineVendor, type Secret, secret } from '../src/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { thrownBy } from './support/connection.ts';

const old: ApiFacts = { version: '1', sunset: '2028-07-01', sources: ['https://acme.example'], limits: [] };
const recent: ApiFacts = { ...old, version: '2', sunset: 'none' };

const shared = {
  id: 'acme',
  settings: z.strictObject({ account: z.string(), api: z.enum(['old', 'recent']).default('recent') }),
  credentials: z.strictObject({ token: secret() }),
  transports: () => ({ rest: rest({ baseUrl: 'http://127.0.0.1:1' }) }),
  auth: ({ credentials }: { readonly credentials: { readonly token: Secret } }) => bearer(credentials.token),
};
const stating = (stated: { readonly api?: ApiFacts }) =>
  defineVendor({ ...shared, ...stated }).connector({ resources: {} });
const choosing = defineVendor({ ...shared, api: ({ api }) => ({ old, recent })[api] }).connector({ resources: {} });

test('facts that are a value are given whatever the settings', () => {
  expect(apiFactsOf(stating({ api: old }))).toBe(old);
  expect(apiFactsOf(stating({ api: old }), { misspelt: 1 })).toBe(old);
});

test('a vendor that states nothing has no facts', () => {
  expect(apiFactsOf(stating({}))).toBeUndefined();
});

test('facts that the settings choose are those of the settings, with their defaults', () => {
  expect(apiFactsOf(choosing, { account: 'a', api: 'old' })).toBe(old);
  expect(apiFactsOf(choosing, { account: 'a' })).toBe(recent);
});

test('settings that the connector does not take are refused where the facts depend on them', () => {
  expect(thrownBy(() => apiFactsOf(choosing, { account: 'a', apo: 'old' }))).toMatchObject({
    code: 'invalid-settings',
    message: expect.stringContaining("'api'"),
  });
  expect(thrownBy(() => apiFactsOf(choosing))).toMatchObject({ code: 'invalid-settings' });
});
