import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Signature } from '@hubspot/api-client';
import { isRecord, parseJson, virtualClock } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HubSpotSettings } from '../src/index.ts';
import { call, startedSandbox } from './started.ts';

type Received = { url: string; headers: IncomingHttpHeaders; body: string; events: Record<string, unknown>[] };

/** A receiver that answers with these statuses in turn, then with 200. */
async function startedReceiver(statuses: number[] = []) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const events = parseJson(body);
      received.push({
        url: `http://${request.headers.host}${request.url}`,
        headers: request.headers,
        body,
        events: Array.isArray(events) ? events.filter(isRecord) : [],
      });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { received, targetUrl: `http://127.0.0.1:${port}/webhooks/hubspot?a=1` };
}

async function started(webhooks: Partial<HubSpotSettings['webhooks']> = {}, statuses: number[] = []) {
  const receiver = await startedReceiver(statuses);
  const clock = virtualClock(Date.now());
  const settings = { webhooks: { targetUrl: receiver.targetUrl, ...webhooks }, requestsPerTenSeconds: 10_000 };
  const sandbox = await startedSandbox({ settings, clock });
  return { ...receiver, sandbox, clock };
}

const contact = (email: string, firstname = 'Ada') => ({ properties: { email, firstname } });
const typesOf = (received: readonly Received[]) =>
  received.flatMap(({ events }) => events.map(({ subscriptionType }) => subscriptionType));

describe('vendors.md 2, webhooks', () => {
  test("the vendor's own Signature takes our deliveries, and refuses them with another body", async () => {
    const { sandbox, received } = await started();
    await call(sandbox, '/crm/v3/objects/contacts', { body: contact('a@example.test') });
    await sandbox.state.webhooks.settled();
    const [delivery] = received;
    expect(delivery).toBeDefined();
    const signed = (requestBody: string) => ({
      signatureVersion: 'v3',
      signature: String(delivery?.headers['x-hubspot-signature-v3']),
      timestamp: Number(delivery?.headers['x-hubspot-request-timestamp']),
      clientSecret: 'sandbox-secret',
      method: 'POST',
      url: delivery?.url ?? '',
      requestBody,
    });
    expect(Signature.isValid(signed(delivery?.body ?? ''))).toBe(true);
    expect(Signature.isValid(signed(`${delivery?.body} `))).toBe(false);
  });

  test('creation, change, deletion, association and merge each have their events', async () => {
    const { sandbox, received } = await started();
    const made: string[] = [];
    for (const email of ['a@example.test', 'b@example.test']) {
      made.push(String((await call(sandbox, '/crm/v3/objects/contacts', { body: contact(email) })).body.id));
    }
    const [first, second] = made;
    const { body: company } = await call(sandbox, '/crm/v3/objects/companies', { body: { properties: { name: 'X' } } });
    const pair = `/crm/v4/objects/contacts/${first}/associations/default/companies/${company.id}`;
    await call(sandbox, pair, { method: 'PUT' });
    await call(sandbox, `/crm/v3/objects/contacts/${first}`, { method: 'PATCH', body: contact('a@example.test', 'B') });
    const merge = { primaryObjectId: first, objectIdToMerge: second };
    await call(sandbox, '/crm/v3/objects/contacts/merge', { body: merge });
    await call(sandbox, `/crm/v3/objects/contacts/${first}`, { method: 'DELETE' });
    await sandbox.state.webhooks.settled();
    expect(typesOf(received).toSorted()).toEqual([
      'company.associationChange',
      'company.creation',
      'contact.associationChange',
      ...['contact.creation', 'contact.creation', 'contact.deletion', 'contact.merge', 'contact.propertyChange'],
    ]);
    const merged = received
      .flatMap(({ events }) => events)
      .find(({ mergedObjectIds }) => mergedObjectIds !== undefined);
    expect(merged).toMatchObject({ objectId: Number(first), mergedObjectIds: [Number(second)], portalId: 62515 });
  });

  test('a request holds 100 events at most, and every eventId may be the same', async () => {
    const { sandbox, received } = await started();
    for (const part of ['a', 'b']) {
      const inputs = Array.from({ length: 75 }, (_, index) => contact(`${part}${index}@example.test`));
      await call(sandbox, '/crm/v3/objects/contacts/batch/create', { body: { inputs } });
    }
    await sandbox.state.webhooks.settled();
    const counts = received.map(({ events }) => events.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(150);
    expect(Math.max(...counts)).toBeLessThanOrEqual(100);
    expect(new Set(received.flatMap(({ events }) => events.map(({ eventId }) => eventId)))).toEqual(new Set([1]));
  });

  test('setting batchSize: events that came together are split', async () => {
    const { sandbox, received } = await started({ batchSize: 2 });
    const inputs = ['a', 'b', 'c', 'd', 'e'].map((name) => contact(`${name}@example.test`));
    await call(sandbox, '/crm/v3/objects/contacts/batch/create', { body: { inputs } });
    await sandbox.state.webhooks.settled();
    expect(received.map(({ events }) => events.length).toSorted()).toEqual([1, 2, 2]);
  });

  test("a delivery that is refused comes again on the sandbox's clock, with its attempt counted", async () => {
    const { sandbox, received, clock } = await started({}, [500, 404]);
    await call(sandbox, '/crm/v3/objects/contacts', { body: contact('a@example.test') });
    await sandbox.state.webhooks.settled();
    expect(received).toHaveLength(1);
    for (const minutes of [1, 5]) {
      await clock.advance(minutes * 60_000);
      await sandbox.state.webhooks.settled();
    }
    expect(received.map(({ events }) => events[0]?.attemptNumber)).toEqual([0, 1, 2]);
    expect(sandbox.state.webhooks.requests().map(({ status }) => status)).toEqual([500, 404, 200]);
  });

  test('after 10 retries within 24 hours the event is dropped', async () => {
    const { sandbox, received, clock } = await started(
      {},
      Array.from({ length: 20 }, () => 503),
    );
    const begin = clock.now();
    await call(sandbox, '/crm/v3/objects/contacts', { body: contact('a@example.test') });
    await sandbox.state.webhooks.settled();
    for (let hour = 0; hour < 24 * 12; hour += 1) {
      await clock.advance(5 * 60_000);
      await sandbox.state.webhooks.settled();
    }
    expect(received).toHaveLength(11);
    expect(clock.now() - begin).toBeLessThanOrEqual(24 * 3_600_000);
  });

  test('settings order and duplicates: the last event comes first, and each request twice', async () => {
    const { sandbox, received } = await started({ order: 'reversed', duplicates: 1 });
    const inputs = ['a', 'b', 'c'].map((name) => contact(`${name}@example.test`));
    await call(sandbox, '/crm/v3/objects/contacts/batch/create', { body: { inputs } });
    await sandbox.state.webhooks.settled();
    const ids = received.map(({ events }) => events.map(({ objectId }) => objectId));
    expect(ids).toEqual([
      [1003, 1002, 1001],
      [1003, 1002, 1001],
    ]);
  });

  test('setting subscriptions: other events are not sent; a receiver that cannot be reached counts as a failure', async () => {
    const { sandbox, received } = await started({ subscriptions: ['company.creation'] });
    await call(sandbox, '/crm/v3/objects/contacts', { body: contact('a@example.test') });
    await sandbox.state.webhooks.settled();
    expect(received).toEqual([]);
    sandbox.state.settings.webhooks.targetUrl = 'http://127.0.0.1:9/nobody';
    await call(sandbox, '/crm/v3/objects/companies', { body: { properties: { name: 'X' } } });
    await sandbox.state.webhooks.settled();
    expect(sandbox.state.webhooks.requests()).toMatchObject([{ status: 0, attempt: 0 }]);
  });
});
