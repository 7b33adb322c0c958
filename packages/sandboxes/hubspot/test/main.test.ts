import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { call, results } from './started.ts';

const program = join(import.meta.dirname, '..', 'src', 'main.ts');

async function started(...flags: string[]) {
  const child = fork(program, flags, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = await once(child, 'message');
  return { child, url: isRecord(ready) ? String(ready.url) : '' };
}

test.each([
  ['--bogus'],
  ['--port', 'x'],
  ['--settings', '{"nothing":1}'],
  ['--settings', '{"portalId":"x"}'],
  ['--settings', '{'],
  ['word'],
])('bad flags %s %s: exit code 2 and one sentence', (...flags) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...flags], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^mortise-sandbox-hubspot: .+\n$/);
});

test('flags reach the stand-in: seed, token and settings', async () => {
  const { url } = await started('--seed', '7', '--token', 't1', '--settings', '{"requestsPerTenSeconds":5}');
  const answer = await call({ url }, '/crm/v3/objects/deals', { token: 't1' });
  expect(results(answer)).toHaveLength(10);
  expect(answer.headers.get('x-hubspot-ratelimit-max')).toBe('5');
  expect(await call({ url }, '/crm/v3/objects/deals')).toMatchObject({ status: 401 });
});

test('settings change while it runs, and a bad one changes nothing', async () => {
  const { url } = await started();
  expect(await call({ url }, '/__sandbox/settings', { body: { requestsPerTenSeconds: 1 } })).toMatchObject({
    status: 204,
  });
  expect(await call({ url }, '/__sandbox/settings', { body: { portalId: 5, wish: 1 } })).toMatchObject({ status: 400 });
  expect(await call({ url }, '/crm/v3/objects/deals')).toMatchObject({ status: 200 });
  expect(await call({ url }, '/crm/v3/objects/deals')).toMatchObject({
    status: 429,
    body: { groupName: expect.stringContaining(':62515:') },
  });
});

test('what was answered survives kill -9: objects, unique values, properties, tokens and logs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'hubspot.db');
  const first = await started('--database', file);
  const property = {
    name: 'source_id',
    label: 'S',
    type: 'string',
    fieldType: 'text',
    groupName: 'g',
    hasUniqueValue: true,
  };
  await call(first, '/crm/v3/properties/contacts', { body: property });
  const upsert = { inputs: [{ id: 's1', idProperty: 'source_id', properties: { email: 'a@example.test' } }] };
  await call(first, '/crm/v3/objects/contacts/batch/upsert', { body: upsert });
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await started('--database', file);
  const again = await call(second, '/crm/v3/objects/contacts/batch/upsert', { body: upsert });
  expect(results(again)).toMatchObject([{ id: '1001', new: false }]);
  const next = await call(second, '/crm/v3/objects/contacts', { body: { properties: {} } });
  expect(next.body.id).toBe('1002');
  expect(await call(second, '/__sandbox/writes?key=s1')).toMatchObject({
    body: { writes: [{ kind: 'create' }, { kind: 'update' }], duplicateCreates: [] },
  });
});

test('reset brings the seed back and forgets the rest', async () => {
  const { url } = await started('--seed', '3');
  await call({ url }, '/crm/v3/objects/contacts/1001', { method: 'DELETE' });
  await call({ url }, '/crm/v3/objects/contacts', { body: { properties: { email: 'a@example.test' } } });
  expect(await call({ url }, '/__sandbox/reset', { method: 'POST' })).toMatchObject({ status: 204 });
  expect(await call({ url }, '/crm/v3/objects/contacts/search', { body: {} })).toMatchObject({ body: { total: 250 } });
  expect(await call({ url }, '/__sandbox/writes')).toMatchObject({ body: { writes: [] } });
});
