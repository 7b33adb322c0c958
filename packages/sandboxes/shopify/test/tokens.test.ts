import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask, post, startedSandbox } from './started.ts';

const client = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
const dayMs = 86_400_000;

async function started() {
  let now = Date.UTC(2026, 10, 1);
  const clock = {
    now: () => now,
    schedule: () => () => {},
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
  const sandbox = await startedSandbox({ clock });
  const granted = async (more: object) => {
    const { status, body } = await post(sandbox, '/admin/oauth/access_token', { ...client, ...more });
    return { status, body, access: String(body.access_token), refresh: String(body.refresh_token) };
  };
  const refreshed = (refresh_token: string) => granted({ grant_type: 'refresh_token', refresh_token });
  return { sandbox, clock, granted, refreshed };
}

async function consented({ sandbox, granted }: Awaited<ReturnType<typeof started>>) {
  const query = new URLSearchParams({
    client_id: 'sandbox-client',
    redirect_uri: 'https://app.example.test/back',
    state: 'n1',
  });
  const answer = await fetch(`${sandbox.url}/admin/oauth/authorize?${query}`, { redirect: 'manual' });
  const { searchParams } = new URL(answer.headers.get('location') ?? '');
  return { searchParams, tokens: await granted({ code: searchParams.get('code'), expiring: '1' }) };
}

describe('vendors.md 3, OAuth', () => {
  test('the callback carries the hex hmac over its sorted query', async () => {
    const { searchParams } = await consented(await started());
    const hmac = searchParams.get('hmac');
    searchParams.delete('hmac');
    searchParams.sort();
    expect(hmac).toBe(createHmac('sha256', 'sandbox-secret').update(searchParams.toString()).digest('hex'));
    expect(searchParams.get('state')).toBe('n1');
  });

  test('an expiring token ends after an hour', async () => {
    const shop = await started();
    const { tokens } = await consented(shop);
    expect(tokens.body).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7_776_000 });
    const status = async () => (await ask(shop.sandbox, '{ shop { id } }', { token: tokens.access })).status;
    expect(await status()).toBe(200);
    shop.clock.pass(3_600_000);
    expect(await status()).toBe(401);
  });

  test('a refresh token rotates, and the old one works until its replacement is used', async () => {
    const shop = await started();
    const { tokens } = await consented(shop);
    const second = await shop.refreshed(tokens.refresh);
    expect(second.refresh).not.toBe(tokens.refresh);
    const again = await shop.refreshed(tokens.refresh);
    expect(again.status).toBe(200);
    expect((await shop.refreshed(again.refresh)).status).toBe(200);
    expect(await shop.refreshed(tokens.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await shop.refreshed(second.refresh)).status).toBe(400);
  });

  test('the grace ends 30 days after the first use, and a refresh token after 90', async () => {
    const shop = await started();
    const { tokens } = await consented(shop);
    const second = await shop.refreshed(tokens.refresh);
    shop.clock.pass(30 * dayMs);
    expect((await shop.refreshed(tokens.refresh)).status).toBe(400);
    shop.clock.pass(60 * dayMs);
    expect((await shop.refreshed(second.refresh)).status).toBe(400);
  });

  test('client credentials give a token for nearly a day; a wrong secret none', async () => {
    const { granted } = await started();
    expect((await granted({ grant_type: 'client_credentials' })).body.expires_in).toBe(86_399);
    expect((await granted({ grant_type: 'client_credentials', client_secret: 'x' })).status).toBe(400);
  });
});
