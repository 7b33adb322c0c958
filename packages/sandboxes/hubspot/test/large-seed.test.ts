import { Client } from '@hubspot/api-client';
import { describe, expect, test } from 'vitest';
import { largeSeed, type ObjectType, type StoredObject, seedAssociations, seedRecords } from '../src/index.ts';
import { call, startedSandbox } from './started.ts';

const seed = largeSeed(7);
const seeded = seedRecords(seed);
const ofType = (wanted: ObjectType) => seeded.filter(({ type }) => type === wanted);
const byId = (one: { id: string }, other: { id: string }) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

type Read = { id: string; properties: Record<string, string | null>; createdAt: Date; updatedAt: Date };
const fieldsOf = (names: readonly string[], object: Read | StoredObject) => ({
  id: object.id,
  createdAt: Number(object.createdAt),
  updatedAt: Number(object.updatedAt),
  values: names.map((name) => object.properties[name] ?? null),
});

describe('vendors.md 2, a seed of more than 10,000 records', () => {
  test('it holds ties, gaps, many scripts, ids above 2^53, archived and merged rows, the same for the same number', () => {
    expect(seeded.length).toBeGreaterThan(10_000);
    expect(seedRecords(seed)).toEqual(seeded);
    expect(new Set(seeded.map(({ updatedAt }) => updatedAt)).size).toBeLessThan(seeded.length / 10);
    expect(seeded.some(({ archivedAt }) => archivedAt !== null)).toBe(true);
    expect(seeded.some(({ id }) => !Number.isSafeInteger(Number(id)))).toBe(true);
    expect(JSON.stringify(seeded)).toMatch(/[\u4e00-\u9fff]/);
  });

  test("the vendor's client reads companies, deals, products and line items of it field by field, and the merged contacts", async () => {
    const sandbox = await startedSandbox({ seed, settings: { requestsPerTenSeconds: 100_000 } });
    const { crm } = new Client({ accessToken: 'sandbox-token', basePath: sandbox.url });
    const apis = { companies: crm.companies, deals: crm.deals, products: crm.products, line_items: crm.lineItems };
    for (const [type, api] of Object.entries(apis) as [ObjectType, typeof crm.companies][]) {
      const expected = ofType(type).filter(({ archivedAt }) => archivedAt === null);
      const names = [...new Set(expected.flatMap(({ properties }) => Object.keys(properties)))];
      const read = await api.getAll(100, undefined, names);
      expect(read.map((object) => fieldsOf(names, object))).toEqual(
        expected.toSorted(byId).map((object) => fieldsOf(names, object)),
      );
      expect(sandbox.requests({ path: `/crm/v3/objects/${type}` }).length).toBeGreaterThanOrEqual(3);
    }
    const live = ofType('contacts').filter(({ archivedAt }) => archivedAt === null);
    const [primary, loser] = live;
    expect((await crm.contacts.basicApi.getById(loser?.id ?? '')).id).toBe(primary?.id);
    expect(await crm.contacts.getAll(100)).toHaveLength(live.length - (seed.merges ?? 0));
  });

  test("the vendor's client reads a line item's deal as it was seeded", async () => {
    const sandbox = await startedSandbox({ seed });
    const { crm } = new Client({ accessToken: 'sandbox-token', basePath: sandbox.url });
    const [pair] = seedAssociations(seeded, seed.number).filter(({ from }) => from.type === 'line_items');
    const read = await crm.lineItems.basicApi.getById(pair?.from.id ?? '', undefined, undefined, ['deals']);
    expect(read.associations?.deals?.results.map(({ id }) => id)).toEqual([pair?.to.id]);
  });

  test('more than 10,000 records of one stamp on demand', async () => {
    const sandbox = await startedSandbox({ seed: { number: 7, contacts: 10_050, sameStamp: 10_050 } });
    const value = String(Date.UTC(2026, 0, 1));
    const filters = [{ propertyName: 'lastmodifieddate', operator: 'EQ', value }];
    const found = await call(sandbox, '/crm/v3/objects/contacts/search', { body: { filterGroups: [{ filters }] } });
    expect(found.body.total).toBe(10_050);
  });
});
