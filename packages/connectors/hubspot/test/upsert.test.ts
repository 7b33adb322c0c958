import { describeError, type ItemOutcome } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { connect, drive, errorOf, person } from './connection.ts';

const stamp = '2026-11-23T12:00:00.000Z';

const failureOf = (outcome: ItemOutcome<unknown> | undefined) => {
  if (outcome?.ok === false) return outcome.error;
  throw new Error('the outcome is no failure');
};

test('a contact that is written comes back with its id and stamps, and is written to once', async () => {
  const { crm, sandbox } = await connect();
  const full = { ...person('ada@example.test', 'Lovelace'), firstName: 'Ada', postalCode: '01234', country: 'GB' };
  const [outcome] = await crm.contacts.model.upsert([full]);
  expect(outcome).toMatchObject({ ok: true, created: true, record: full });
  if (!outcome?.ok) return;
  expect(outcome.record.updatedAt).toBeInstanceOf(Date);
  expect(await crm.contacts.model.get(outcome.record.id)).toEqual(outcome.record);
  expect(sandbox.writes({ type: 'contacts' })).toMatchObject([{ kind: 'create', key: 'ada@example.test' }]);
});

test('a second write of the same address updates the contact, whatever the case of its letters', async () => {
  const { crm, sandbox } = await connect();
  await crm.contacts.model.upsert([person('ada@example.test', 'Byron')]);
  const [outcome] = await crm.contacts.model.upsert([person('Ada@Example.test', 'Lovelace')]);
  expect(outcome).toMatchObject({
    ok: true,
    created: false,
    record: { email: 'ada@example.test', lastName: 'Lovelace' },
  });
  expect(sandbox.writes({ type: 'contacts' }).map(({ kind }) => kind)).toEqual(['create', 'update']);
});

test('null clears a property', async () => {
  const { crm } = await connect();
  await crm.contacts.model.upsert([person('ada@example.test', 'Lovelace')]);
  const [outcome] = await crm.contacts.model.upsert([person('ada@example.test')]);
  expect(outcome).toMatchObject({ ok: true, record: { lastName: null } });
});

test('an address that HubSpot refuses fails alone and nothing is sent twice', async () => {
  const { crm, sandbox } = await connect();
  const outcomes = await crm.contacts.model.upsert([
    person('a@example.test'),
    person('not an address'),
    person('c@example.test'),
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(failureOf(outcomes[1])).toMatchObject({
    code: 'invalid-request',
    vendorCode: 'VALIDATION_ERROR',
    operation: 'contacts.upsert',
    issues: [{ path: 'properties.email', reason: 'INVALID_EMAIL' }],
  });
  expect(describeError(failureOf(outcomes[1]))).not.toContain('not an address');
  expect(sandbox.requests()).toMatchObject([{ method: 'POST', status: 207 }]);
  expect(sandbox.writes({ kind: 'create' }).map(({ key }) => key)).toEqual(['a@example.test', 'c@example.test']);
});

test('outcomes are in the order of the records although HubSpot answers in another', async () => {
  const { crm } = await connect({ sandbox: { settings: { batchOrder: 'reversed' } } });
  const outcomes = await crm.contacts.model.upsert(['a', 'b', 'c'].map((name) => person(`${name}@example.test`)));
  const addresses = outcomes.map((outcome) => outcome.ok && outcome.record.email);
  expect(addresses).toEqual(['a@example.test', 'b@example.test', 'c@example.test']);
});

test('a record without its key fails without being sent', async () => {
  const { crm, sandbox } = await connect();
  const [without] = await crm.contacts.model.upsert([{ ...person('x'), email: null }]);
  expect(failureOf(without)).toMatchObject({
    code: 'invalid-record',
    issues: [{ path: 'properties.email', reason: 'is empty' }],
  });
  expect(sandbox.requests()).toEqual([]);
});

test('a batch that names one contact twice writes it twice, in order', async () => {
  const { crm, sandbox } = await connect();
  const outcomes = await crm.contacts.model.upsert([
    person('a@example.test', 'first'),
    person('A@example.test', 'second'),
  ]);
  expect(outcomes).toMatchObject([
    { ok: true, created: true, record: { lastName: 'first' } },
    { ok: true, created: false, record: { lastName: 'second' } },
  ]);
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test('101 records go out in two requests', async () => {
  const { crm, sandbox } = await connect();
  const people = Array.from({ length: 101 }, (_, index) => person(`p${index}@example.test`));
  const outcomes = await crm.contacts.model.upsert(people);
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(sandbox.requests().map(({ status }) => status)).toEqual([200, 200]);
});

test('an error of a batch that names no input fails every record without a result', async () => {
  const { crm, sandbox } = await connect();
  const errors = [{ status: 'error', category: 'INTERNAL_ERROR', message: 'a@example.test broke', context: {} }];
  const body = { status: 'COMPLETE', results: [], numErrors: 1, errors };
  sandbox.inject({ kind: 'status', status: 207, body, match: { method: 'POST' } });
  const outcomes = await crm.contacts.model.upsert([person('a@example.test'), person('b@example.test')]);
  expect(outcomes.map((outcome) => failureOf(outcome).code)).toEqual(['unavailable', 'unavailable']);
  expect(JSON.stringify(outcomes)).not.toContain('a@example.test');
});

test('an error of a batch in a form of its own does not hide what was written', async () => {
  const { crm, sandbox } = await connect();
  const row = { id: '7', properties: { email: 'b@example.test' }, createdAt: stamp, updatedAt: stamp };
  const errors = [{ category: 'CONFLICT', errors: 'none', context: { objectWriteTraceId: 0 } }];
  // Without trace ids, the key tells the rows apart.
  const body = { status: 'COMPLETE', results: [row], numErrors: 1, errors };
  sandbox.inject({ kind: 'status', status: 207, body, match: { method: 'POST' } });
  const outcomes = await crm.contacts.model.upsert([person('a@example.test'), person('B@example.test')]);
  expect(outcomes).toMatchObject([
    { ok: false, error: { code: 'conflict' } },
    { ok: true, record: { id: '7' } },
  ]);
});

test('a record about which HubSpot says nothing has an unknown outcome', async () => {
  const { crm, sandbox } = await connect();
  sandbox.inject({ kind: 'status', status: 200, body: { status: 'COMPLETE', results: [] }, match: { method: 'POST' } });
  const [outcome] = await crm.contacts.model.upsert([person('a@example.test')]);
  expect(failureOf(outcome).code).toBe('unknown-outcome');
});

test('a write whose answer was lost is sent again and creates nothing twice', async () => {
  const { crm, sandbox, clock } = await connect();
  sandbox.inject({ kind: 'drop-after-write', match: { method: 'POST' } });
  const [outcome] = await drive(clock, crm.contacts.model.upsert([person('a@example.test')]));
  expect(outcome).toMatchObject({ ok: true, created: false });
  expect(sandbox.duplicateCreates()).toEqual([]);
  expect(sandbox.writes({ type: 'contacts' }).map(({ kind }) => kind)).toEqual(['create', 'update']);
});

test('a product is found by its SKU and keeps price and currency apart', async () => {
  const { crm, sandbox } = await connect({ prepared: true });
  const lamp = { sku: '00123', name: 'Lamp', description: null, price: { amountMinor: 1000, currency: 'JPY' } };
  const [created] = await crm.products.model.upsert([lamp]);
  const [updated] = await crm.products.model.upsert([{ ...lamp, price: { amountMinor: 1250, currency: 'EUR' } }]);
  expect(created).toMatchObject({ ok: true, created: true, record: lamp });
  expect(updated).toMatchObject({
    ok: true,
    created: false,
    record: { price: { amountMinor: 1250, currency: 'EUR' }, active: null },
  });
  const stored = await crm.products.find({ field: 'properties.mortise_key', value: '00123' });
  expect(stored?.properties).toMatchObject({ hs_sku: '00123', price: '12.50', mortise_currency: 'EUR' });
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test('a product of an account that lacks the key property is refused with what to do', async () => {
  const { crm } = await connect();
  const write = crm.products.model.upsert([{ sku: '1', name: null, description: null, price: null }]);
  const error = await errorOf(write);
  expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'VALIDATION_ERROR', status: 400 });
  expect(describeError(error)).toContain(
    "hubspot products.upsert: HubSpot answered 400: upserts need 'mortise_key' of products with unique values, which prepare creates",
  );
});
