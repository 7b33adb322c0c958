import { expect, test } from 'vitest';
import { call, results, startedSandbox } from './started.ts';

const path = '/crm/objects/2026-09/contacts/batch';
const input = (name: string, properties: Record<string, string> = {}) => ({
  id: `${name}@example.test`,
  idProperty: 'email',
  objectWriteTraceId: name,
  properties,
});

test('section 2, batch: 100 inputs are taken in one request, 101 and none are refused', async () => {
  const sandbox = await startedSandbox();
  const inputs = Array.from({ length: 101 }, (_, index) => input(`p${index}`));
  expect(await call(sandbox, `${path}/upsert`, { body: { inputs } })).toMatchObject({ status: 400 });
  expect(await call(sandbox, `${path}/upsert`, { body: { inputs: [] } })).toMatchObject({ status: 400 });
  expect(sandbox.writes()).toEqual([]);
  const answer = await call(sandbox, `${path}/upsert`, { body: { inputs: inputs.slice(1) } });
  expect(answer).toMatchObject({ status: 200, body: { status: 'COMPLETE' } });
  expect(results(answer)).toHaveLength(100);
  expect(sandbox.writes({ kind: 'create' })).toHaveLength(100);
});

test('section 2, batch: a partial failure answers 207, correlated by objectWriteTraceId', async () => {
  const sandbox = await startedSandbox();
  const inputs = [input('a'), input('b', { nothing: '1' }), input('c')];
  const answer = await call(sandbox, `${path}/upsert`, { body: { inputs } });
  expect(answer).toMatchObject({ status: 207, body: { numErrors: 1 } });
  expect(results(answer).map((row) => [row.objectWriteTraceId, row.new])).toEqual([
    ['a', true],
    ['c', true],
  ]);
  expect(answer.body.errors).toMatchObject([{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['b'] } }]);
  expect(sandbox.writes().map(({ key }) => key)).toEqual(['a@example.test', 'c@example.test']);
});

test("setting multiStatus 'with-trace-id': without a trace the first bad input refuses the whole batch", async () => {
  const sandbox = await startedSandbox({ settings: { multiStatus: 'with-trace-id' } });
  const inputs = [{ properties: { email: 'a@example.test' } }, { properties: { email: 'bad' } }];
  expect(await call(sandbox, `${path}/create`, { body: { inputs } })).toMatchObject({ status: 400 });
  expect(sandbox.writes()).toEqual([]);
  const traced = inputs.map((one, index) => ({ ...one, objectWriteTraceId: String(index) }));
  expect(await call(sandbox, `${path}/create`, { body: { inputs: traced } })).toMatchObject({ status: 207 });
});

test("setting batchOrder 'reversed': rows come in another order than the inputs", async () => {
  const sandbox = await startedSandbox({ settings: { batchOrder: 'reversed' } });
  const answer = await call(sandbox, `${path}/upsert`, { body: { inputs: [input('a'), input('b')] } });
  expect(results(answer).map((row) => row.objectWriteTraceId)).toEqual(['b', 'a']);
});

test('section 2, upsert: by e-mail or a property with unique values, anything else answers 400', async () => {
  const sandbox = await startedSandbox();
  const refused = { inputs: [{ id: 'x', idProperty: 'lastname', properties: {} }] };
  expect(await call(sandbox, `${path}/upsert`, { body: refused })).toMatchObject({ status: 400 });
  expect(await call(sandbox, `${path}/upsert`, { body: { inputs: [{ id: 'x', properties: {} }] } })).toMatchObject({
    status: 400,
  });
  const property = {
    name: 'source_id',
    label: 'Source',
    type: 'string',
    fieldType: 'text',
    groupName: 'g',
    hasUniqueValue: true,
  };
  expect(await call(sandbox, '/crm/properties/2026-03/contacts', { body: property })).toMatchObject({ status: 201 });
  const body = { inputs: [{ id: '0017', idProperty: 'source_id', properties: { lastname: 'Li' } }] };
  const first = results(await call(sandbox, `${path}/upsert`, { body }));
  const second = results(await call(sandbox, `${path}/upsert`, { body }));
  expect([first[0]?.new, second[0]?.new]).toEqual([true, false]);
  expect(second[0]).toMatchObject({ id: first[0]?.id, properties: { source_id: '0017', lastname: 'Li' } });
  expect(sandbox.writes().map(({ kind, key }) => [kind, key])).toEqual([
    ['create', '0017'],
    ['update', '0017'],
  ]);
});

test('one record named twice in a batch is refused, unless the setting allows it', async () => {
  const sandbox = await startedSandbox();
  const body = { inputs: [input('a'), { ...input('a'), id: 'A@example.test' }] };
  expect(await call(sandbox, `${path}/upsert`, { body })).toMatchObject({ status: 400 });
  sandbox.state.settings.refuseRepeatedInputs = false;
  const rows = results(await call(sandbox, `${path}/upsert`, { body }));
  expect(rows.map((row) => row.new)).toEqual([true, false]);
});

test('section 2, batch: read answers 207 for missing ones, by id and by e-mail', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const byId = await call(sandbox, `${path}/read`, {
    body: { properties: ['zip'], inputs: [{ id: '1001' }, { id: '77' }] },
  });
  expect(byId).toMatchObject({
    status: 207,
    body: { numErrors: 1, errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['77'] } }] },
  });
  expect(results(byId).map(({ id }) => id)).toEqual(['1001']);
  await call(sandbox, `${path}/upsert`, { body: { inputs: [input('a')] } });
  const body = { idProperty: 'email', properties: ['email'], inputs: [{ id: 'A@example.test' }] };
  expect(await call(sandbox, `${path}/read`, { body })).toMatchObject({ status: 200 });
});

test('section 2, batch: update reports a missing record per input, archive passes over it', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const inputs = [
    { id: '1001', properties: { city: 'X' } },
    { id: '77', properties: { city: 'X' } },
  ];
  const updated = await call(sandbox, `${path}/update`, { body: { inputs } });
  expect(updated).toMatchObject({
    status: 207,
    body: { errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['77'] } }] },
  });
  expect(await call(sandbox, `${path}/archive`, { body: { inputs } })).toMatchObject({ status: 204 });
  expect(sandbox.writes().map(({ kind, id }) => [kind, id])).toEqual([
    ['update', '1001'],
    ['delete', '1001'],
  ]);
});

test('an answer that was lost after a batch upsert leaves records that a repeat does not double', async () => {
  const sandbox = await startedSandbox();
  sandbox.inject({ kind: 'drop-after-write', match: { path: '/crm/objects/2026-09/{type}/batch/upsert' } });
  const body = { inputs: [input('a'), input('b')] };
  await expect(call(sandbox, `${path}/upsert`, { body })).rejects.toThrow('fetch failed');
  const again = results(await call(sandbox, `${path}/upsert`, { body }));
  expect(again.map((row) => row.new)).toEqual([false, false]);
  expect(sandbox.duplicateCreates()).toEqual([]);
});
