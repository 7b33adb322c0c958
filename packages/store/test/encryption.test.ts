import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSealer } from '../src/encryption/sealer.ts';
import { behindItsBack, commitOf, freshStore, linkOf, open, refusal } from './fixture.ts';

const canary = 'canary-4711-plain-text';

const bytesOf = (path: string): string =>
  ['', '-wal', '-shm'].map((end) => (existsSync(path + end) ? readFileSync(path + end, 'latin1') : '')).join('');

const fill = async () => {
  const opened = await freshStore();
  const { store } = opened;
  await store.commit(commitOf({ links: [linkOf('1', { v: canary }), linkOf('2', { v: canary })] }));
  await store.commit(
    commitOf({
      links: [{ ...linkOf('1', { v: `${canary}-2` }), action: 'update' }],
      deadLetters: ['8', '9'].map((sourceKey) => ({
        ...({ sourceKey, stage: 'map', code: 'invalid-record', issues: [], payload: { v: canary } } as const),
      })),
      parked: [{ sourceKey: '7', parentSync: 'products', parentKey: '1', payload: { v: canary } }],
    }),
  );
  await store.tokens.save('hubspot', canary);
  await store.tokens.save('shop', 'another token');
  return opened;
};

test('no record and no token is in the file or its log as plain text, and each is read back', async () => {
  const { path, store } = await fill();
  expect(bytesOf(path)).toContain('products');
  expect(bytesOf(`${path}`)).not.toContain(canary);
  expect(existsSync(`${path}-wal`)).toBe(true);
  expect((await store.readJournal({ limit: 9, after: 2 }))[0]?.before).toEqual({ v: canary });
  expect((await store.readDeadLetters({ limit: 1 }))[0]?.payload).toEqual({ v: canary });
  expect((await store.readReleasable('products', 1))[0]?.payload).toEqual({ v: canary });
  expect(await store.tokens.read('hubspot')).toBe(canary);
  await store.close();
  expect(bytesOf(path)).not.toContain(canary);
});

test('a token is replaced, removed, and absent is undefined', async () => {
  const { store } = await freshStore();
  expect(await store.tokens.read('hubspot')).toBeUndefined();
  await store.tokens.save('hubspot', 'one');
  await store.tokens.save('hubspot', 'two');
  expect(await store.tokens.read('hubspot')).toBe('two');
  await store.tokens.remove('hubspot');
  await store.tokens.remove('hubspot');
  expect(await store.tokens.read('hubspot')).toBeUndefined();
});

test('another key is refused in one sentence, and the right one still opens', async () => {
  const { path, key, store } = await fill();
  await store.close();
  const error = await refusal(open({ path, key: randomBytes(32) }));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringMatching(/with another key: set MORTISE_KEY/),
  ]);
  expect(await (await open({ path, key })).tokens.read('hubspot')).toBe(canary);
});

test('a key of the wrong length is refused before a file is made', async () => {
  const { path } = await freshStore();
  const error = await refusal(open({ path: `${path}-2`, key: randomBytes(16) }));
  expect(error.code).toBe('invalid-settings');
  expect(existsSync(`${path}-2`)).toBe(false);
});

test('rows that were swapped do not open, and others still do', async () => {
  const { path, store } = await fill();
  behindItsBack(
    path,
    "UPDATE dead_letter SET payload = (SELECT payload FROM dead_letter WHERE source_key = '9') WHERE source_key = '8'",
  );
  behindItsBack(
    path,
    "UPDATE token SET sealed = (SELECT sealed FROM token WHERE connection = 'hubspot') WHERE connection = 'shop'",
  );
  const error = await refusal(store.readDeadLetters({ limit: 1 }));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringMatching(/^dead letter 1 of sync products does not open/),
  ]);
  expect((await store.readDeadLetters({ limit: 1, after: 1 }))[0]?.payload).toEqual({ v: canary });
  expect((await refusal(store.tokens.read('shop'))).code).toBe('state-refused');
  expect(await store.tokens.read('hubspot')).toBe(canary);
});

test('a before-image moved to another source key, sync, connection or batch does not open', async () => {
  const { path, store } = await fill();
  const moves = [
    "UPDATE journal SET source_key = '2' WHERE action = 'update'",
    "UPDATE batch SET sync = 'orders'",
    "UPDATE batch SET connection = 'salesforce'",
    'UPDATE batch SET image = (SELECT payload FROM dead_letter LIMIT 1)',
  ];
  const images = behindItsBack(path, 'SELECT id, image FROM batch');
  for (const move of moves) {
    behindItsBack(path, move);
    const error = await refusal(store.readJournal({ limit: 9 }));
    expect(error.code).toBe('state-refused');
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(canary);
    behindItsBack(path, "UPDATE journal SET source_key = '1' WHERE action = 'update'");
    for (const { id, image } of images) {
      const restore = "UPDATE batch SET sync = 'products', connection = 'hubspot', image = ? WHERE id = ?";
      behindItsBack(path, restore, image ?? null, id ?? 0);
    }
  }
  expect(await store.readJournal({ limit: 9 })).toHaveLength(3);
});

test('a key check that was changed is refused', async () => {
  const { path, key, store } = await fill();
  await store.close();
  behindItsBack(path, "UPDATE key_check SET sealed = x'01'");
  expect((await refusal(open({ path, key }))).code).toBe('state-refused');
});

test('any text opens in its place and nowhere else', () => {
  const sealer = createSealer(randomBytes(32));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, place, other) => {
      const sealed = sealer.seal(text, place);
      expect(sealer.open(sealed, place)).toBe(text);
      if (other !== place) expect(sealer.open(sealed, other)).toBeUndefined();
    }),
  );
});

test('no byte of a sealed value can be changed or left out', () => {
  const sealer = createSealer(randomBytes(32));
  const sealed = sealer.seal('twelve bytes', 'here');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed, (byte, position) => (position === index ? byte ^ 1 : byte));
    expect(sealer.open(changed, 'here'), `byte ${index}`).toBeUndefined();
    expect(sealer.open(sealed.subarray(0, index), 'here'), `first ${index} bytes`).toBeUndefined();
  }
});

test('a sealed value has the documented layout: 1, key id, nonce, tag, ciphertext', () => {
  const sealer = createSealer(Buffer.alloc(32, 7));
  const sealed = sealer.seal('abc', 'here');
  expect(sealed).toHaveLength(1 + 4 + 12 + 16 + 3);
  expect(sealed[0]).toBe(1);
  expect(Buffer.from(sealed.subarray(1, 5)).toString('hex')).toBe(sealer.keyId);
});

test('no nonce occurs twice, also beyond one pool', () => {
  const sealer = createSealer(randomBytes(32));
  const nonces = Array.from({ length: 3_000 }, () =>
    Buffer.from(sealer.seal('same', 'same').subarray(5, 17)).toString('hex'),
  );
  expect(new Set(nonces).size).toBe(3_000);
});
