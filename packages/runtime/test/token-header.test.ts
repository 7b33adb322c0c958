import { expect, test } from 'vitest';
import { clientCredentials } from '../src/auth/index.ts';
import { sealSecret } from '../src/index.ts';
import { connect } from './support/connection.ts';
import { json, serve } from './support/server.ts';

test('a vendor that wants the token in a header of its own gets it there, and nowhere else', async () => {
  const server = await serve((response, { url }) =>
    json(response, url === '/token' ? { access_token: 'abc', expires_in: 3_600 } : { id: '1' }),
  );
  const auth = clientCredentials({
    server: { tokenEndpoint: `${server.origin}/token` },
    client: { id: 'app', secret: sealSecret('s'), sendsSecretIn: 'body' },
    tokenHeader: 'X-Access-Token',
  });
  const { get } = connect(server.origin, { auth });
  await get();
  const [asked, used] = server.requests;
  expect(new URLSearchParams(asked?.body).get('client_secret')).toBe('s');
  expect(used?.headers).toMatchObject({ 'x-access-token': 'abc' });
  expect(used?.headers.authorization).toBeUndefined();
});
