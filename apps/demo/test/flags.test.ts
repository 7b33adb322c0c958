import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cleanUp, newFolder, runDemo } from './demo-process.ts';

afterAll(cleanUp);

const secret = 'do-not-print-me-4711';

const refusals: readonly { name: string; args?: string[]; env?: Record<string, string>; says: RegExp; code: number }[] =
  [
    { name: 'an unknown flag', args: ['--onse'], says: /unknown flag --onse: did you mean --once\?/, code: 2 },
    { name: 'a flag like no other', args: ['--colour'], says: /unknown flag --colour: --help lists all/, code: 2 },
    { name: 'a short flag', args: ['-o'], says: /unknown flag -o/, code: 2 },
    { name: 'an argument', args: ['shop'], says: /unexpected argument 'shop'/, code: 2 },
    { name: 'a value for a flag that takes none', args: ['--once=yes'], says: /--once takes no value/, code: 2 },
    { name: 'a flag without its URL', args: ['--vendure-url'], says: /--vendure-url needs a URL/, code: 2 },
    { name: '--json alone', args: ['--json'], says: /--json needs --once/, code: 2 },
    { name: '--prepare alone', args: ['--prepare'], says: /--prepare needs --live/, code: 2 },
    {
      name: 'a shop that is unknown',
      args: ['--shop', 'shopfiy'],
      says: /--shop is one of shopify, vendure: did you mean shopify/,
      code: 2,
    },
    {
      name: 'a shop of two kinds',
      args: ['--shop', 'shopify', '--vendure-url', 'https://shop.example/admin-api'],
      says: /needs --shop vendure/,
      code: 2,
    },
    {
      name: 'an inventory that has none of the goods of the shop',
      args: ['--shop', 'vendure', '--inventory', 'netsuite'],
      says: /--inventory netsuite needs --shop shopify/,
      code: 2,
    },
    {
      name: 'stock for a shop that is only read',
      args: ['--vendure-url', 'https://shop.example/admin-api', '--inventory', 'directus'],
      says: /--vendure-url names a shop that is only read/,
      code: 2,
    },
    {
      name: 'an inventory without a name',
      args: ['--inventory'],
      says: /--inventory is one of netsuite, directus, none/,
      code: 2,
    },
    { name: 'no URL', args: ['--hubspot-url', 'nonsense'], says: /--hubspot-url is not a URL/, code: 2 },
    {
      name: 'plain http to a shop',
      args: ['--vendure-url', 'http://shop.example/admin-api'],
      says: /https:\/\/shop\.example/,
      code: 2,
    },
    {
      name: 'plain http to a CRM',
      args: ['--hubspot-url', 'http://crm.example'],
      says: /https:\/\/crm\.example/,
      code: 2,
    },
    {
      name: 'an empty user name',
      args: ['--shop', 'vendure'],
      env: { VENDURE_USERNAME: '' },
      says: /VENDURE_USERNAME is empty/,
      code: 2,
    },
    {
      name: 'an empty password',
      args: ['--shop', 'vendure'],
      env: { VENDURE_PASSWORD: '' },
      says: /VENDURE_PASSWORD is empty/,
      code: 2,
    },
    { name: 'an empty key', env: { MORTISE_KEY: '' }, says: /MORTISE_KEY is empty/, code: 2 },
    { name: 'a key that is none', env: { MORTISE_KEY: secret }, says: /MORTISE_KEY/, code: 2 },
    {
      name: 'an empty token',
      args: ['--live', '--yes'],
      env: { HUBSPOT_TOKEN: '' },
      says: /HUBSPOT_TOKEN is empty/,
      code: 2,
    },
    { name: 'a missing token', args: ['--live', '--yes'], says: /HUBSPOT_TOKEN is not set/, code: 2 },
    {
      name: '--live where nobody can answer',
      args: ['--live'],
      env: { HUBSPOT_TOKEN: secret },
      says: /add --yes/,
      code: 2,
    },
    {
      name: 'a remote shop without a password',
      args: ['--vendure-url', 'https://shop.example/admin-api'],
      says: /VENDURE_PASSWORD is not set/,
      code: 2,
    },
    {
      name: 'a shop that cannot be reached',
      args: ['--once', '--json', '--vendure-url', 'http://127.0.0.1:9/admin-api'],
      env: { VENDURE_PASSWORD: secret },
      says: /no connection to 127\.0\.0\.1:9/,
      code: 75,
    },
  ];

for (const { name, args = [], env = {}, says, code } of refusals) {
  test(`${name} ends with exit code ${code} and one line on stderr`, async () => {
    const result = await runDemo(newFolder(), { args, env });
    expect(result.stderr).toMatch(says);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(result.stdout).toBe('');
    expect(result.stderr).not.toContain(secret);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result.code).toBe(code);
  });
}

test('a wrong flag leaves nothing behind', async () => {
  const folder = newFolder();
  await runDemo(folder, { args: ['--rest'] });
  expect(existsSync(join(folder, '.mortise'))).toBe(false);
});

test('the help fits 80 columns and names every exit code', async () => {
  const { stdout, code } = await runDemo(newFolder(), { args: ['--help'] });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const word of ['--once', '--reset', '--live', '75 try again']) expect(stdout).toContain(word);
  expect(code).toBe(0);
});
