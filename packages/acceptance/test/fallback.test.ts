import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@mortise/store';
import { expect, onTestFinished, test } from 'vitest';
import { serveReplies } from './support/json-server.ts';
import { openPeople } from './support/people-vendor.ts';

const ada = { id: '1', externalId: 'a', name: 'Ada' };

/** A store on a file that a second opening finds again. */
const storeFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'fallback-'));
  const key = randomBytes(32);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return async () => {
    const store = await openStore({ path: join(folder, 'state.db'), key });
    onTestFinished(() => store.close());
    return store;
  };
};

test('a read answers from the store of an earlier process while the vendor is down, after its attempts, and says so', async () => {
  let isDown = false;
  const server = await serveReplies(() => (isDown ? { status: 503, body: {} } : { body: ada }));
  const openAgain = storeFile();
  const first = await openAgain();
  expect(await openPeople(server.origin, { store: first }).people.get('1', { fallback: 'stale' })).toMatchObject({
    source: 'live',
  });
  await first.close();
  isDown = true;
  const { people, events, clock } = openPeople(server.origin, { store: await openAgain() });
  const answer = await people.get('1', { fallback: 'stale' });
  expect(answer).toEqual({ value: ada, source: 'stale', ageMs: clock.monotonic() });
  expect(server.requests).toHaveLength(1 + 4);
  expect(events.map(({ type }) => type).slice(-2)).toEqual(['call-failed', 'fallback-used']);
  await expect(people.get('2', { fallback: 'stale' })).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});

test('a vendor that says no is not covered up', async () => {
  let status = 200;
  const server = await serveReplies(() => ({ status, body: ada }));
  const { people } = openPeople(server.origin, { store: await storeFile()() });
  await people.get('1', { fallback: 'stale' });
  for (const [refused, code] of [
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [400, 'invalid-request'],
  ] as const) {
    status = refused;
    await expect(people.get('1', { fallback: 'stale' })).rejects.toMatchObject({ code });
  }
});
