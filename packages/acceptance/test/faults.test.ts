import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hubspot from '@mortise/connector-hubspot';
import type { Contact } from '@mortise/models';
import { isConnectorError, open, type RuntimeEvent } from '@mortise/runtime';
import { startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { openStore } from '@mortise/store';
import { type Convergence, converge, defineSync, type RunOptions } from '@mortise/sync';
import { startFaultProxy, type Toxic } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { crmConnection } from './support/syncs.ts';

const people = 120;
const free = { requestsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000_000 };

const person = (number: number) => ({
  ...{ email: `person${number}@example.test`, firstName: `First ${number}`, lastName: `Last ${number}` },
  ...{
    phone: null,
    company: null,
    street: null,
    city: `City ${number}`,
    region: null,
    postalCode: null,
    country: null,
  },
});

const contactsOf = async (url: string): Promise<Contact[]> => {
  const contacts: Contact[] = [];
  for await (const page of open(hubspot, crmConnection({ url })).contacts.model.list()) contacts.push(...page.records);
  return contacts.toSorted((left, right) => (String(left.email) < String(right.email) ? -1 : 1));
};

const startSandbox = async () => {
  const sandbox = await startHubSpotSandbox({ settings: free });
  onTestFinished(() => sandbox.close());
  return sandbox;
};

/** A CRM with 120 people, another one behind a bad line, and a sync of contacts between them. */
const startLine = async () => {
  const from = await startSandbox();
  const to = await startSandbox();
  const proxy = await startFaultProxy({ target: to.url });
  onTestFinished(() => proxy.close());
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const store = await openStore({ path: join(folder, 'state.db'), key: randomBytes(32) });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const source = open(hubspot, { ...crmConnection({ url: from.url }), id: 'source' });
  await source.contacts.model.upsert(Array.from({ length: people }, (_, number) => person(number)));
  const events: RuntimeEvent[] = [];
  /** Called before every request over the line. */
  const hooks = { before: (_number: number) => {} };
  let requests = 0;
  const line: typeof globalThis.fetch = (input, init) => {
    requests += 1;
    hooks.before(requests);
    return fetch(input, init);
  };
  const limits = { backoffBaseMs: 1, backoffCapMs: 2 };
  const given = { url: proxy.url, fetch: line, limits, events: (event: RuntimeEvent) => void events.push(event) };
  const destination = open(hubspot, { ...crmConnection(given), id: 'destination' });
  const { port } = source.contacts;
  const inSmallPages = { ...port, ...(port.list && { list: listInPagesOf(20, port.list) }) };
  const sync = {
    ...defineSync({ name: 'contacts', from: source.contacts, to: destination.contacts }),
    from: inSmallPages,
  };
  const run = (options: Partial<RunOptions> = {}) => converge([sync], { store, ...options });
  return { from, to, proxy, store, events, hooks, run };
};

type List = NonNullable<ReturnType<typeof defineSync>['from']['list']>;
const listInPagesOf =
  (pageSize: number, list: List): List =>
  (request) =>
    list({ ...request, pageSize });

type Line = Awaited<ReturnType<typeof startLine>>;

const expectEveryoneOnce = async ({ to, events }: Line, { converged }: Convergence): Promise<void> => {
  expect(converged).toBe(true);
  expect(to.duplicateCreates()).toEqual([]);
  expect(to.writes({ kind: 'create', type: 'contacts' })).toHaveLength(people);
  const contacts = await contactsOf(to.url);
  const everyone = Array.from({ length: people }, (_, number) => person(number));
  expect(contacts.map(({ id: _id, createdAt: _created, updatedAt: _updated, ...rest }) => rest)).toEqual(
    everyone.toSorted((left, right) => (left.email < right.email ? -1 : 1)),
  );
  expect(events.some(({ type }) => type === 'attempt-failed')).toBe(true);
};

test('a storm of 429 answers slows the sync down and doubles nothing', async () => {
  const line = await startLine();
  for (const nth of [1, 4, 6]) {
    const match = { method: 'POST', path: '/crm/objects/*' };
    line.to.inject({ kind: 'status', status: 429, match, nth, count: 2, headers: { 'retry-after': '0' } });
  }
  await expectEveryoneOnce(line, await line.run());
  expect(line.events.filter((event) => event.type === 'attempt-failed' && event.code === 'rate-limited')).not.toEqual(
    [],
  );
});

const toxics: readonly Toxic[] = [{ kind: 'reset' }, { kind: 'drop-after-request' }, { kind: 'truncate', bytes: 400 }];

test.each(toxics)('a line with $kind on every second request loses and doubles nothing', async (toxic) => {
  const line = await startLine();
  line.hooks.before = (number) => {
    line.proxy.clear();
    if (number % 2 === 1) line.proxy.set(toxic);
  };
  await expectEveryoneOnce(line, await line.run({ pagesAtOnce: 1 }));
});

test.each(toxics)(
  'a line with $kind that outlasts all repeats ends the run, and the next one goes on',
  async (toxic) => {
    const line = await startLine();
    line.hooks.before = (number) => {
      if (number === 3) line.proxy.set(toxic);
    };
    const thrown: unknown = await line.run({ pagesAtOnce: 1 }).catch((error: unknown) => error);
    expect(isConnectorError(thrown) && thrown.code).toMatch(/^(unreachable|truncated|unavailable|unknown-outcome)$/);
    expect(await line.store.countDeadLetters('contacts')).toBe(0);
    expect(await line.store.readCheckpoint('contacts')).toHaveProperty('cursor');
    line.proxy.clear();
    line.hooks.before = () => {};
    await expectEveryoneOnce(line, await line.run());
  },
);
