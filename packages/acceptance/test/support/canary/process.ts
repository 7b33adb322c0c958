/**
 * A host that does everything with canaries in it and prints all that a host could print: node process.ts <orders>.
 * Says `{ ready }` over IPC with its state file still open.
 */
import { inspect } from 'node:util';
import {
  type ConnectionOptions,
  defineVendor,
  describeError,
  isConnectorError,
  open,
  type RuntimeEvent,
  sealSecret,
  secret,
} from '@mortise/runtime';
import { apiKey, basic, bearer, clientCredentials, session } from '@mortise/runtime/auth';
import { graphql } from '@mortise/runtime/graphql';
import { type RestTransport, rest } from '@mortise/runtime/rest';
import { soap, soapOperation, usernameToken } from '@mortise/runtime/soap';
import { openTelemetry } from '@mortise/runtime/telemetry';
import { standardWebhooks, webhookHandler } from '@mortise/runtime/webhooks';
import { openStore, type Store } from '@mortise/store';
import { z } from 'zod';
import { canaries } from './canaries.ts';
import { printedTelemetry } from './printed-telemetry.ts';

/** What the process is told. */
export interface CanaryOrders {
  readonly url: string;
  readonly path: string;
  /** Base64. */
  readonly key: string;
}

type Transports = { readonly rest: RestTransport };

const methods = {
  'api-key': () => apiKey({ header: 'x-api-key', key: sealSecret(canaries.apiKey) }),
  basic: () => basic({ username: 'host', password: sealSecret(canaries.basicPassword) }),
  bearer: () => bearer(sealSecret(canaries.bearerToken)),
  'client-credentials': (url: string) =>
    clientCredentials({
      server: { tokenEndpoint: `${url}/token` },
      client: { id: 'host', secret: sealSecret(canaries.clientSecret), sendsSecretIn: 'body' },
    }),
  session: () =>
    session<Transports>({
      secrets: [],
      login: async ({ transports }) => {
        const { body } = await transports.rest.send({ method: 'POST', path: 'login', body: { user: 'host' } });
        return z.object({ token: z.string() }).parse(body).token;
      },
    }),
  'username-token': () =>
    usernameToken({ username: 'host', password: sealSecret(canaries.soapPassword), type: 'PasswordText' }),
};

const ask = soapOperation({
  ...{ name: 'Ask', namespace: 'urn:things' },
  request: z.object({ name: z.string() }),
  answer: z.object({ name: z.string() }),
});

/** A connector with every protocol, signed in by one method. */
const connectorOf = (method: keyof typeof methods, url: string) => {
  const vendor = defineVendor({
    id: method,
    settings: z.strictObject({ secret: secret() }),
    credentials: z.strictObject({}),
    transports: () => ({
      rest: rest({ baseUrl: url, headers: { 'x-vendor-secret': canaries.headerValue } }),
      graphql: graphql({ url: `${url}/graphql` }),
      soap: soap({ url: `${url}/soap` }),
    }),
    auth: () => methods[method](url),
  });
  const request = { query: { search: canaries.queryValue }, parameters: { id: canaries.recordId } };
  const things = vendor.resource({
    record: z.looseObject({ id: z.string(), name: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, path) => {
      if (path === 'graphql') {
        const variables = { name: canaries.recordValue };
        return call.transports.graphql.send({ document: 'query Things($name: String) { things }', variables });
      }
      if (path === 'soap') return call.transports.soap.send({ operation: ask, body: { name: canaries.recordValue } });
      return (await call.transports.rest.send({ ...request, method: 'GET', path })).body;
    },
    create: {
      effect: 'unsafe',
      max: 10,
      run: async (call, records) => {
        await call.transports.rest.send({ method: 'POST', path: 'status/500', body: records });
        return [];
      },
    },
  });
  return vendor.connector({ resources: { things } });
};

/** 429 is apart: it holds up everything behind it. */
const paths = [
  ...['graphql', 'soap'],
  ...['things/ok', 'things/misfit', 'things/broken', 'things/page', 'things/elsewhere', 'things/garbled', 'things/cut'],
  ...[400, 401, 403, 404, 409, 413, 418, 500, 503].map((status) => `status/${status}/{id}`),
];

const print = (value: unknown): void => {
  console.log(
    typeof value === 'string' ? value : inspect(value, { depth: 12, showHidden: true, maxStringLength: 1e6 }),
  );
};

/** Everything that a host may do with an error that it caught. */
const printError = (thrown: unknown): void => {
  print(thrown);
  print(JSON.stringify(thrown));
  if (isConnectorError(thrown)) print(describeError(thrown));
  for (let error = thrown; error instanceof Error; error = error.cause) print(String(error.stack));
};

const callEverything = async (method: keyof typeof methods, given: { url: string; options: ConnectionOptions }) => {
  const options = { settings: { secret: canaries.settingSecret }, ...given.options, id: method };
  const live = open(connectorOf(method, given.url), options);
  print(live);
  for (const path of paths) {
    const answer = await live.things.get(path).catch((error: unknown) => error);
    if (answer instanceof Error) printError(answer);
  }
  // The answer itself is for the caller: it is kept, and not printed.
  await live.things.get('things/ok', { fallback: 'stale' }).catch(printError);
  const outcomes = await live.things.create([{ id: '1', name: canaries.recordValue }]).catch(printError);
  print(outcomes);
  await live.things.get('status/429/{id}').catch(printError);
};

const receiveWebhook = async (store: Store): Promise<void> => {
  const events: unknown[] = [];
  const whole = `whsec_${Buffer.from(canaries.webhookSecret.padEnd(24, '!')).toString('base64')}`;
  const handler = webhookHandler({
    inbox: store.inbox,
    endpoint: () => ({ webhooks: standardWebhooks, secrets: [sealSecret(whole)] }),
    events: (event) => void events.push(event),
  });
  const body = Buffer.from(JSON.stringify({ type: 'thing.changed', value: canaries.webhookValue }));
  const signing = { method: 'POST', url: 'http://127.0.0.1/shop', body };
  const right = standardWebhooks.signature.sign?.(signing, { secret: whole, now: Date.now(), id: 'delivery-1' }) ?? {};
  for (const headers of [
    right,
    { ...right, 'webhook-signature': `v1,${Buffer.from(canaries.webhookSecret).toString('base64')}` },
  ]) {
    const response = await handler(new Request('http://127.0.0.1/shop', { method: 'POST', headers, body }));
    print([response.status, await response.text()]);
  }
  print(events);
};

/** A page of a sync, as the engine commits it. */
const keepRecords = async (store: Store): Promise<void> => {
  const value = { name: canaries.recordValue };
  await store.commit({
    ...{ sync: 'things', connection: 'shop', run: 'run-1', at: Date.now(), settled: [] },
    links: [{ sourceKey: '1', destinationKey: '2', fingerprint: 'f', base: value, action: 'create' }],
    deadLetters: [
      {
        sourceKey: '3',
        stage: 'map',
        code: 'invalid-record',
        issues: [{ path: 'name', reason: 'is long' }],
        payload: value,
      },
    ],
    parked: [{ sourceKey: '4', parentSync: 'parents', parentKey: '5', payload: value }],
  });
};

// The test writes them.
const orders = JSON.parse(process.argv[2] ?? '') as CanaryOrders;
const store = await openStore({ path: orders.path, key: Buffer.from(orders.key, 'base64') });
const telemetry = printedTelemetry();
const options: ConnectionOptions = {
  store,
  observer: await openTelemetry(telemetry),
  limits: {
    attempts: 2,
    backoffBaseMs: 1,
    backoffCapMs: 1,
    longestWaitMs: 50,
    retryTokens: 100_000,
    breakerRequests: 1_000,
  },
  events: (event: RuntimeEvent) => print(JSON.stringify(event)),
};
// Once with the default sink as well: errors as lines on standard error.
const { events: _events, ...silent } = options;
await callEverything('api-key', { url: orders.url, options: silent });
for (const method of Object.keys(methods) as (keyof typeof methods)[]) {
  await callEverything(method, { url: orders.url, options });
}
await receiveWebhook(store);
await keepRecords(store);
print(await telemetry.printed());
await new Promise((resolve) => process.send?.({ ready: true }, resolve));
setInterval(() => undefined, 1_000);
