import { describe, expect, test } from 'vitest';
import { apis, connect, drive, errorOf, noon, recordsOf } from './connection.ts';

const product = (sku: string, name: string | null = `Lamp ${sku}`) => ({ sku, name, description: null, active: true });
const person = (email: string, lastName: string | null = 'Schröder') => ({
  ...{ email, firstName: 'Zoë', lastName, phone: '+49 30 901820', company: null },
});
const seed = { number: 1, customers: 0, items: 0, orders: 0, deleted: 0 };

describe.each(apis)('over %s', (api) => {
  test('items are made and changed by their SKU, and read back as they are', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const [made] = await erp.items.model.upsert([product('00123')]);
    expect(made).toMatchObject({ ok: true, record: { sku: '00123', name: 'Lamp 00123', active: true } });
    const [changed] = await erp.items.model.upsert([{ ...product('00123', null), active: false }]);
    expect(changed).toMatchObject({ ok: true, record: { sku: '00123', name: null, active: false } });
    expect(await recordsOf(erp.items.list())).toMatchObject([{ externalId: '00123', itemId: '00123' }]);
    expect(sandbox.writes().map(({ kind, key }) => [kind, key])).toEqual([
      ['create', '00123'],
      ['update', '00123'],
    ]);
  });

  test('records of one batch that are refused have their own outcome, in the order given', async () => {
    const { erp } = await connect({ api, seed });
    const outcomes = await erp.items.model.upsert([
      product('A'),
      product('B', 'x'.repeat(61)),
      { sku: null, name: 'nameless', description: null, active: true },
      product('C'),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    expect(outcomes[1]).toMatchObject({ error: { code: 'invalid-request', vendorCode: expect.any(String) } });
    expect(outcomes[2]).toMatchObject({ error: { code: 'invalid-record', issues: [{ path: 'externalId' }] } });
    expect(JSON.stringify(outcomes[1])).not.toContain('xxx');
  });

  test('more records than one request holds are cut into several', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const skus = Array.from({ length: 130 }, (_, index) => String(index).padStart(5, '0'));
    const outcomes = await erp.items.model.upsert(skus.map((sku) => product(sku)));
    expect(outcomes.map((outcome) => outcome.ok && outcome.record.sku)).toEqual(skus);
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('of two records with one key the last one stays', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const outcomes = await erp.items.model.upsert([product('A', 'first'), product('A', 'second')]);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(await recordsOf(erp.items.model.list())).toMatchObject([{ sku: 'A', name: 'second' }]);
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('a write whose answer was lost is sent again, and makes one record', async () => {
    const { erp, sandbox, clock } = await connect({ api, seed });
    await erp.items.model.upsert([product('warm')]);
    sandbox.inject({ kind: 'drop-after-write', nth: 1 });
    const [outcome] = await drive(clock, erp.items.model.upsert([product('A')]));
    expect(outcome?.ok).toBe(true);
    expect(sandbox.faults()[0]?.hits).toBe(1);
    expect(sandbox.writes({ type: 'inventoryItem' }).map(({ key }) => key)).toEqual(['warm', 'A', 'A']);
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('people and companies are written as what they are', async () => {
    const { erp } = await connect({ api, seed });
    const company = { ...person('Sales@Example.com', null), firstName: null, company: 'Пекарня & Co' };
    const outcomes = await erp.customers.model.upsert([
      person('zoe@example.com'),
      person('other@example.com'),
      company,
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    const [first, , third] = await recordsOf(erp.customers.list());
    expect(first).toMatchObject({ isPerson: 'true', entityId: 'zoe@example.com', lastName: 'Schröder' });
    expect(third).toMatchObject({ isPerson: 'false', companyName: 'Пекарня & Co', externalId: 'sales@example.com' });
    expect(third?.email).toBe('Sales@Example.com');
  });

  test('an order is written with its lines and currency, and replaced when it comes again', async () => {
    const { erp } = await connect({ api, seed });
    await erp.items.model.upsert([product('A'), product('B')]);
    const [buyer] = await erp.customers.model.upsert([person('zoe@example.com')]);
    const customerId = buyer?.ok === true ? buyer.record.id : '';
    const line = (sku: string, quantity: number) => ({
      ...{ sku, name: `Line ${sku}`, quantity, unitPrice: { amountMinor: 1999, currency: 'EUR' } },
    });
    const order = { number: '#1001', customerId, lines: [line('A', 2), line('B', 1)] };
    const [made] = await erp.salesOrders.model.upsert([order]);
    expect(made).toMatchObject({
      ok: true,
      record: { ...order, state: 'open', total: { amountMinor: 5997, currency: 'EUR' } },
    });
    const [again] = await erp.salesOrders.model.upsert([{ ...order, lines: [line('B', 3)] }]);
    expect(again).toMatchObject({ ok: true, record: { number: '#1001', lines: [line('B', 3)] } });
    expect(await recordsOf(erp.salesOrders.list())).toHaveLength(1);
  });

  test('an order in a currency that no setting lists is refused before anything is sent', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const unitPrice = { amountMinor: 1, currency: 'CHF' };
    const order = { number: '1', customerId: '1', lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice }] };
    const [outcome] = await erp.salesOrders.model.upsert([order]);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-record' } });
    expect(sandbox.writes()).toEqual([]);
  });

  test('a change writes the given fields alone', async () => {
    const { erp } = await connect({ api, seed });
    const [made] = await erp.items.model.upsert([product('A')]);
    const id = made?.ok === true ? made.record.id : '';
    expect(await erp.items.model.update(id, { description: 'über "alles" <br>' })).toMatchObject({
      ...{ name: 'Lamp A', description: 'über "alles" <br>', active: true },
    });
  });

  test('a record whose key has changed is found by the new one', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const [made] = await erp.items.model.upsert([product('A')]);
    const id = made?.ok === true ? made.record.id : '';
    expect(await erp.items.model.update(id, { sku: 'B' })).toMatchObject({ sku: 'B' });
    expect(await erp.items.model.upsert([product('B', 'renamed')])).toMatchObject([{ ok: true, record: { id } }]);
    expect(sandbox.writes({ kind: 'create' })).toHaveLength(1);
  });

  test('a change of a record that is not there says so', async () => {
    const { erp, clock } = await connect({ api, seed });
    const error = await drive(clock, errorOf(erp.items.model.update('4711', { name: 'x' })));
    expect(error).toMatchObject({ code: 'not-found' });
  });
});

test('a record of which a script failed behind the save is written: it is reported so, and never sent again', async () => {
  const { erp, sandbox } = await connect({ seed, sandbox: { afterSubmitFailedFor: ['B'] } });
  const outcomes = await erp.items.model.upsert([product('A'), product('B'), product('C')]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(sandbox.writes().map(({ key }) => key)).toEqual(['A', 'B', 'C']);
  expect(noon).toBe(sandbox.writes()[0]?.at);
});
