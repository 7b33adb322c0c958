import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuthorizationServer, startAuthorizationServer } from '../support/authorization-server.ts';
import { connectAccount, openAccount, refusal, temporaryStore } from '../support/connections.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.stop());

test('an account connected in the browser is used, and exactly the derived scope was asked for', async () => {
  const { store } = await temporaryStore();
  const { url, connected } = await connectAccount(server, { store });
  expect(url.searchParams.get('scope')).toBe('things.read');
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  expect(await connected()).toEqual({
    connection: 'acme',
    permissions: { required: ['things.read'], granted: ['things.read'], missing: [], unused: [] },
  });
  const { live } = openAccount(server, { store });
  expect(await live.things.get('1')).toEqual({ id: '1' });
});
