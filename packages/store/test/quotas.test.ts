import type { SliceRequest } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { behindItsBack, freshStore, open } from './fixture.ts';

const ask = (parts: Partial<SliceRequest> = {}): SliceRequest => ({
  ...{ name: 'acme.default.10000', slice: 100, windowSlices: 11, limit: 190, want: 24, atLeast: 1 },
  ...parts,
});

test('units are granted until the limit is reached, and then none', async () => {
  const { store } = await freshStore();
  const granted: number[] = [];
  for (let count = 0; count < 9; count += 1) granted.push((await store.quotas.take(ask())).granted);
  expect(granted).toEqual([24, 24, 24, 24, 24, 24, 24, 22, 0]);
  expect(await store.quotas.take(ask())).toEqual({ granted: 0, used: 190, nextSlice: 111 });
});

test('a grant counts for the window and the slice that straddles it, and is forgotten then', async () => {
  const { store, path } = await freshStore();
  await store.quotas.take(ask({ want: 190 }));
  expect(await store.quotas.take(ask({ slice: 110 }))).toEqual({ granted: 0, used: 190, nextSlice: 111 });
  expect(await store.quotas.take(ask({ slice: 111 }))).toEqual({ granted: 24, used: 24, nextSlice: 111 });
  expect(behindItsBack(path, 'SELECT slice, granted FROM quota_grant')).toEqual([{ slice: 111, granted: 24 }]);
});

test('the next slice is the one in which enough of the oldest grants have gone', async () => {
  const { store } = await freshStore();
  for (const [slice, want] of [
    [100, 10],
    [102, 150],
    [105, 30],
  ]) {
    await store.quotas.take(ask({ slice: slice ?? 0, want: want ?? 0 }));
  }
  const next = async (atLeast: number) =>
    (await store.quotas.take(ask({ slice: 106, atLeast, want: atLeast }))).nextSlice;
  expect([await next(10), await next(11), await next(160), await next(190)]).toEqual([111, 113, 113, 116]);
});

test('fewer units than are of use are not granted', async () => {
  const { store } = await freshStore();
  await store.quotas.take(ask({ want: 180 }));
  expect(await store.quotas.take(ask({ want: 50, atLeast: 20 }))).toMatchObject({ granted: 0, used: 180 });
  expect(await store.quotas.take(ask({ want: 50, atLeast: 10 }))).toMatchObject({ granted: 10, used: 190 });
});

test('whoever may go into the reserve is granted what others are not', async () => {
  const { store } = await freshStore();
  await store.quotas.take(ask({ limit: 152, want: 152 }));
  expect(await store.quotas.take(ask({ limit: 152, want: 1 }))).toMatchObject({ granted: 0 });
  expect(await store.quotas.take(ask({ limit: 171, want: 1 }))).toMatchObject({ granted: 1, used: 153 });
});

test('what a process with a clock ahead was granted counts as well', async () => {
  const { store } = await freshStore();
  await store.quotas.take(ask({ slice: 103, want: 190 }));
  expect(await store.quotas.take(ask({ slice: 100 }))).toMatchObject({ granted: 0, used: 190 });
});

test('quotas of different names know nothing of each other', async () => {
  const { store } = await freshStore();
  await store.quotas.take(ask({ want: 190 }));
  expect(await store.quotas.take(ask({ name: 'acme.search.1000', want: 190 }))).toMatchObject({ granted: 190 });
});

test('two stores on one file that ask at once are granted the limit between them, and a third one still knows', async () => {
  const { store, path, key } = await freshStore();
  const other = await open({ path, key });
  const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).quotas.take(ask()));
  const granted = (await Promise.all(asked)).reduce((sum, grant) => sum + grant.granted, 0);
  expect(granted).toBe(190);
  await store.close();
  const third = await open({ path, key });
  expect(await third.quotas.take(ask())).toMatchObject({ granted: 0, used: 190 });
});
