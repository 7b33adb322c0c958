import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { behindItsBack, freshStore, refusal } from './fixture.ts';

const person = { id: '1', email: 'ada@example.com' };
const key = 'contacts.find\nemail\nada@example.com';

test('a value is read back with its time, and a newer one replaces it', async () => {
  const { store } = await freshStore();
  await store.lastValues.save('acme', key, { value: { ...person, id: '0' }, at: 1_000.5 });
  await store.lastValues.save('acme', key, { value: person, at: 2_000 });
  expect(await store.lastValues.read('acme', key)).toEqual({ value: person, at: 2_000 });
});

test('nothing was ever answered there: undefined', async () => {
  const { store } = await freshStore();
  await store.lastValues.save('acme', key, { value: person, at: 1_000 });
  expect(await store.lastValues.read('acme', 'contacts.get\n1')).toBeUndefined();
  expect(await store.lastValues.read('other', key)).toBeUndefined();
});

test('that there is nothing is a value', async () => {
  const { store } = await freshStore();
  await store.lastValues.save('acme', key, { value: undefined, at: 1_000 });
  expect(await store.lastValues.read('acme', key)).toEqual({ value: null, at: 1_000 });
});

test('neither the value nor what it was asked by stands in the file', async () => {
  const { store, path } = await freshStore();
  await store.lastValues.save('acme', key, { value: person, at: 1_000 });
  await store.close();
  const bytes = readFileSync(path).toString('latin1');
  expect(bytes).toContain('acme');
  expect(bytes).not.toContain('ada@example.com');
  expect(bytes).not.toContain('contacts.find');
});

test('a value moved to another connection or another call does not open', async () => {
  const { store, path } = await freshStore();
  await store.lastValues.save('acme', key, { value: person, at: 1_000 });
  await store.lastValues.save('other', key, { value: person, at: 1_000 });
  const move =
    'UPDATE last_value SET sealed = (SELECT sealed FROM last_value WHERE connection = ?) WHERE connection = ?';
  behindItsBack(path, move, 'acme', 'other');
  const error = await refusal(store.lastValues.read('other', key));
  expect(error).toMatchObject({ code: 'state-refused', message: expect.stringContaining('connection other') });
  expect(await store.lastValues.read('acme', key)).toMatchObject({ value: person });
});
