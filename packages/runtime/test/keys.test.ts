import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { apiKey, basic } from '../src/auth/index.ts';
import { sealSecret } from '../src/index.ts';
import { connect, refusal, thrownBy } from './support/connection.ts';
import { json, serve } from './support/server.ts';

test('an API key goes into the header that the vendor names, with its prefix', async () => {
  const server = await serve((response) => json(response, {}));
  const key = sealSecret('key-81b2');
  await connect(server.origin, { auth: apiKey({ header: 'X-Shop-Key', key }) }).get();
  await connect(server.origin, { auth: apiKey({ header: 'authorization', key, prefix: 'Token ' }) }).get();
  const [plain, prefixed] = server.requests.map(({ headers }) => headers);
  expect(plain?.['x-shop-key']).toBe('key-81b2');
  expect(prefixed?.authorization).toBe('Token key-81b2');
});

test('user name and password go out in UTF-8 (RFC 7617, section 2.1)', async () => {
  const server = await serve((response) => json(response, {}));
  await connect(server.origin, { auth: basic({ username: 'test', password: sealSecret('123£') }) }).get();
  expect(server.requests[0]?.headers.authorization).toBe('Basic dGVzdDoxMjPCow==');
});

for (const [name, define] of Object.entries({
  'a key with a line break': () => apiKey({ header: 'x-key', key: sealSecret('key\n81b2') }),
  'a key that is not ASCII': () => apiKey({ header: 'x-key', key: sealSecret('ключ-81b2') }),
  'a header that is no name': () => apiKey({ header: 'x key', key: sealSecret('key-81b2') }),
  'a user name with a colon': () => basic({ username: 'us:er-81b2', password: sealSecret('p') }),
  'a password with a line break': () => basic({ username: 'user', password: sealSecret('p81b2\r\n') }),
})) {
  test(`${name} is refused when the method is defined, and is not shown`, () => {
    const error = thrownBy(define);
    expect(error.code).toBe('invalid-settings');
    expect(inspect(error, { depth: 9 })).not.toContain('81b2');
  });
}

test('a refused key is not sent again, and a refused password is in no error', async () => {
  const server = await serve((response) => json(response, { said: 'no' }, 401));
  const password = 'password-81b2';
  const { get, events } = connect(server.origin, { auth: basic({ username: 'user', password: sealSecret(password) }) });
  const error = await refusal(get());
  expect(error.code).toBe('unauthenticated');
  expect(server.requests).toHaveLength(1);
  const shown = inspect([error, events], { depth: 9 });
  for (const form of [password, Buffer.from(`user:${password}`).toString('base64')]) expect(shown).not.toContain(form);
});
