import '@shopify/shopify-api/adapters/web-api';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { ApiVersion, LogSeverity, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ShopifySandbox, touch } from '../src/index.ts';
import { ask, smallShop, startedSandbox } from './started.ts';

const library = () =>
  shopifyApi({
    apiKey: 'sandbox-client',
    apiSecretKey: 'sandbox-secret',
    hostName: 'app.example.test',
    apiVersion: ApiVersion.October26,
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Error },
  });

/** The vendor's library insists on https and a shop's domain: its requests are sent to the sandbox instead. */
function pointAt(sandbox: ShopifySandbox): void {
  setAbstractFetchFunc((url, init) => fetch(sandbox.url + new URL(String(url)).pathname, init));
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function sessionToken(secret = 'sandbox-secret'): string {
  const now = Math.floor(Date.now() / 1000);
  const shop = 'https://sandbox.myshopify.com';
  const claims = {
    iss: `${shop}/admin`,
    dest: shop,
    aud: 'sandbox-client',
    sub: '1',
    exp: now + 60,
    nbf: now - 5,
    iat: now,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, jti: 'j', sid: 's' })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

type Delivered = { headers: IncomingHttpHeaders; body: string };

/** Receives one webhook and keeps its raw body. */
async function receiver(): Promise<{ url: string; first: Promise<Delivered> }> {
  const { promise, resolve } = Promise.withResolvers<Delivered>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      resolve({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`, first: promise };
}

const subscribe = `mutation W($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { webhookSubscription { id } userErrors { message } }
}`;

describe('@shopify/shopify-api', () => {
  test('it takes our webhook for genuine, and refuses one whose body was changed', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const { url, first } = await receiver();
    await ask(sandbox, subscribe, { variables: { topic: 'PRODUCTS_UPDATE', uri: url } });
    touch(sandbox.state, 'gid://shopify/Product/9007199254741022', { title: '新しい電球' });
    const { headers, body } = await first;
    expect(body).toContain('"id":9007199254741022,');
    const validated = (rawBody: string) => {
      const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      const rawRequest = new Request('https://app.example.test/hook', { method: 'POST', headers: sent, body: rawBody });
      return library().webhooks.validate({ rawBody, rawRequest });
    };
    expect(await validated(body)).toMatchObject({
      valid: true,
      domain: 'sandbox.myshopify.com',
      topic: 'PRODUCTS_UPDATE',
    });
    expect(await validated(`${body} `)).toMatchObject({ valid: false });
  });

  test('it exchanges a session token, uses the token, and refreshes it into another', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    pointAt(sandbox);
    const { session } = await library().auth.tokenExchange({
      shop: 'sandbox.myshopify.com',
      sessionToken: sessionToken(),
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring: true,
    });
    expect((await ask(sandbox, '{ shop { id } }', { token: session.accessToken ?? '' })).status).toBe(200);
    const next = await library().auth.refreshToken({ shop: session.shop, refreshToken: session.refreshToken ?? '' });
    expect(next.session.accessToken).not.toBe(session.accessToken);
    expect(next.session.refreshToken).not.toBe(session.refreshToken);
    expect((await ask(sandbox, '{ shop { id } }', { token: next.session.accessToken ?? '' })).status).toBe(200);
  });

  test('it gets a token by client credentials', async () => {
    const sandbox = await startedSandbox();
    pointAt(sandbox);
    const { session } = await library().auth.clientCredentials({ shop: 'sandbox.myshopify.com' });
    expect((await ask(sandbox, '{ shop { id } }', { token: session.accessToken ?? '' })).status).toBe(200);
  });
});
