import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sealSecret } from '@mortise/runtime';
import { drainInbox, webhookListener } from '@mortise/runtime/webhooks';
import { openStore } from '@mortise/store';
import { expect, onTestFinished, test } from 'vitest';
import hubspot, { notifiedRecord, vendorFacts } from '../src/index.ts';
import { connect, errorOf, person } from './connection.ts';

/** A receiver of the connection's webhooks over a real socket, and the stand-in that calls it. */
const received = async ({ duplicates = 0, secret = 'sandbox-secret' } = {}) => {
  const store = await openStore({ path: ':memory:', key: randomBytes(32) });
  onTestFinished(() => store.close());
  const outcomes: string[] = [];
  const listener = webhookListener({
    inbox: store.inbox,
    endpoint: () => ({ webhooks: hubspot.webhooks, secrets: [sealSecret(secret)] }),
    events: ({ outcome }) => void outcomes.push(outcome),
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  const opened = await connect({ prepared: true });
  const { webhooks } = opened.sandbox.state.settings;
  // The receiver's clock is the machine's, and so is the age of a signature.
  await opened.clock.advance(Math.max(0, Date.now() - opened.clock.now()));
  Object.assign(webhooks, { targetUrl: `http://127.0.0.1:${port}/webhooks/hubspot`, order: 'reversed', duplicates });
  return { ...opened, store, outcomes };
};

test('a delivery is verified, kept once however often it comes, and leads to the record as it is now', async () => {
  const { crm, sandbox, store, outcomes } = await received({ duplicates: 1 });
  const [outcome] = await crm.contacts.model.upsert([person('ann@example.test', 'Lee')]);
  await crm.contacts.model.upsert([person('ann@example.test', 'Li')]);
  await sandbox.state.webhooks.settled();
  expect(sandbox.state.webhooks.requests().map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(outcomes).toHaveLength(4);
  const topics: string[] = [];
  const names: (string | null)[] = [];
  const stop = new AbortController();
  const drained = drainInbox({
    inbox: store.inbox,
    connection: 'hubspot',
    signal: stop.signal,
    handle: async ({ topic, subject }) => {
      topics.push(topic);
      const notified = notifiedRecord(subject);
      expect(notified).toEqual({ resource: 'contacts', id: outcome?.ok ? outcome.record.id : '' });
      names.push((await crm.contacts.model.get(notified?.id ?? '')).lastName);
      if (topics.length === 2) stop.abort();
    },
  });
  await drained.catch(() => undefined);
  expect(topics.toSorted()).toEqual(['contact.creation', 'contact.propertyChange']);
  expect(names).toEqual(['Li', 'Li']);
});

test('a delivery under another secret is refused, and HubSpot will send it again', async () => {
  const { crm, sandbox, store } = await received({ secret: 'another secret' });
  await crm.contacts.model.upsert([person('ann@example.test')]);
  await sandbox.state.webhooks.settled();
  expect(sandbox.state.webhooks.requests().map(({ status }) => status)).toEqual([401]);
  expect((await store.inbox.size('hubspot')).deliveries).toBe(0);
});

test('an association that came is told by both sides, and leads to the record that carries it', async () => {
  const { crm, sandbox } = await received();
  const [contact] = await crm.contacts.model.upsert([person('ann@example.test')]);
  const deal = { key: '1', name: 'Order', stage: null, amount: null, closedAt: null, companyId: null };
  await crm.deals.model.upsert([{ ...deal, contactId: contact?.ok ? contact.record.id : '' }]);
  await sandbox.state.webhooks.settled();
  expect(Object.keys(hubspot.webhooks.topics)).toContain('deal.associationChange');
  const sent = sandbox.state.webhooks.requests().reduce((sum, { events }) => sum + events, 0);
  expect(sent).toBe(4);
});

test('topics need the reading scope of their object, and other objects lead to no record', () => {
  expect(hubspot.webhooks.topics['company.merge']).toEqual({ permissions: vendorFacts.scopes.companies.read });
  expect(hubspot.webhooks.topics['product.merge']).toBeUndefined();
  expect([notifiedRecord('ticket/1'), notifiedRecord(undefined), notifiedRecord('contact/')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(notifiedRecord('line_item/9007199254740993')).toEqual({ resource: 'lineItems', id: '9007199254740993' });
});

test('a record that is archived by the time it is fetched is not found', async () => {
  const { crm, sandbox } = await received();
  const [contact] = await crm.contacts.model.upsert([person('ann@example.test')]);
  const id = contact?.ok ? contact.record.id : '';
  const headers = { authorization: 'Bearer sandbox-token' };
  await fetch(`${sandbox.url}/crm/v3/objects/contacts/${id}`, { method: 'DELETE', headers });
  expect(await errorOf(crm.contacts.get(id))).toMatchObject({ code: 'not-found' });
});
