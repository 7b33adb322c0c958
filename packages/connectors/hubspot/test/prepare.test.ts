import { expect, test } from 'vitest';
import { neededProperties, prepare } from '../src/index.ts';
import { connect, drive, errorOf } from './connection.ts';

const names = [
  ...['companies mortise_key', 'products mortise_key', 'products mortise_currency'],
  ...['deals mortise_key', 'line_items mortise_key'],
];
const five = (value: unknown) => Array.from({ length: 5 }, () => value);

test('a dry run tells what is missing and writes nothing', async () => {
  const { connection, sandbox } = await connect();
  const rows = await prepare({ ...connection, dryRun: true });
  expect(rows.map(({ type, name }) => `${type} ${name}`)).toEqual(names);
  expect(rows.every(({ missing, created }) => missing && !created)).toBe(true);
  expect(sandbox.requests().map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
});

test('prepare creates what is missing, once', async () => {
  const { connection, sandbox } = await connect();
  expect((await prepare(connection)).map(({ created }) => created)).toEqual(five(true));
  expect((await prepare(connection)).map(({ missing, created }) => missing || created)).toEqual(five(false));
  expect(sandbox.requests({ method: 'POST' }).map(({ status }) => status)).toEqual(five(201));
  for (const { type, name, unique } of neededProperties) {
    expect(sandbox.state.properties.find(type, name)?.hasUniqueValue).toBe(unique);
  }
});

test('a key property that is not unique is refused in one sentence', async () => {
  const { connection, sandbox } = await connect();
  const headers = { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' };
  const definition = { name: 'mortise_key', label: 'k', type: 'string', fieldType: 'text', groupName: 'g' };
  const url = `${sandbox.url}/crm/v3/properties/deals`;
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(definition) });
  const error = await errorOf(prepare({ ...connection, dryRun: true }));
  expect(error.code).toBe('conflict');
  expect(error.message).toContain("deals have a property 'mortise_key' that is not unique");
});

test('a property whose creation was not answered counts as created', async () => {
  const { connection, sandbox, clock } = await connect();
  sandbox.inject({ kind: 'drop-after-write', match: { method: 'POST' } });
  expect((await drive(clock, prepare(connection))).map(({ created }) => created)).toEqual(five(true));
  expect(sandbox.requests({ method: 'POST' }).map(({ status }) => status)).toEqual([0, 409, 201, 201, 201, 201]);
});

test('a token without the scope is told so', async () => {
  const { connection } = await connect({ sandbox: { settings: { grantedScopes: [] } } });
  expect(await errorOf(prepare(connection))).toMatchObject({ code: 'forbidden', vendorCode: 'MISSING_SCOPES' });
});
