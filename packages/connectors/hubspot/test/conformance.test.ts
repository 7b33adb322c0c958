import { readField } from '@mortise/runtime';
import { type HubSpotSandbox, type ObjectType, startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { conformance, isRecord, type ResourceWorld, virtualClock, type World } from '@mortise/testing';
import { expect, test } from 'vitest';
import hubspot, { prepare } from '../src/index.ts';
import { defaultSearchLagMs } from '../src/vendor-facts.ts';
import { drive, noon } from './connection.ts';

const keyed = (index: number, from: string) => ({ mortise_key: `${from}-${index}` });

/** Properties of a record, written or put behind the connector's back; another key for each index. */
const properties: Record<ObjectType, (index: number, from: string) => Record<string, string>> = {
  contacts: (index, from) => ({ email: `${from}${index}@example.test`, firstname: 'Ada', phone: '+49 30 1234567' }),
  companies: (index, from) => ({ ...keyed(index, from), name: `Company ${index}` }),
  deals: (index, from) => ({ ...keyed(index, from), dealname: `Deal ${index}`, amount: '12.50' }),
  products: (index, from) => ({ ...keyed(index, from), hs_sku: `${from}-${index}`, name: `Lamp ${index}` }),
  line_items: (index, from) => ({ ...keyed(index, from), name: `Line ${index}`, quantity: '2' }),
};

let made = 0;

const putObject = ({ database, state }: HubSpotSandbox, type: ObjectType, at = state.clock.now()): string => {
  made += 1;
  const id = state.nextId(type);
  const values = JSON.stringify(properties[type](made, 'put'));
  database.statement('INSERT INTO objects VALUES (?, ?, ?, ?, ?, NULL)').run(type, BigInt(id), values, at, at);
  return id;
};

const objects = (sandbox: HubSpotSandbox, type: ObjectType): ResourceWorld => {
  const { database, state } = sandbox;
  const set = (column: string, { id, at }: { id: string; at: number }) =>
    database.statement(`UPDATE objects SET ${column} = ? WHERE type = ? AND id = ?`).run(at, type, BigInt(id));
  return {
    ids: async () => {
      const sql = 'SELECT CAST(id AS TEXT) AS id FROM objects WHERE type = ? AND archived_at IS NULL';
      return database
        .statement(sql)
        .all(type)
        .map(({ id }) => String(id));
    },
    put: async (count, { at } = {}) => Array.from({ length: count }, () => putObject(sandbox, type, at)),
    touch: async (id, at) => void set('updated_at', { id, at }),
    delete: async (id) => void set('archived_at', { id, at: state.clock.now() }),
    sample: (index) => ({ properties: properties[type](index, 'sample') }),
    refused: (index) => ({ properties: { ...properties[type](index, 'refused'), no_such_property: 'x' } }),
    lagMs: defaultSearchLagMs,
  };
};

/** Associations have no records of their own at HubSpot: each is put between two new objects. */
const associations = (sandbox: HubSpotSandbox, from: ObjectType, to: ObjectType): ResourceWorld => {
  const samples = new Map<number, { fromId: string; toId: string }>();
  const sample = (index: number) => {
    const pair = samples.get(index) ?? { fromId: putObject(sandbox, from), toId: putObject(sandbox, to) };
    samples.set(index, pair);
    return { id: `${pair.fromId}:${pair.toId}`, ...pair };
  };
  const associate = async (): Promise<string> => {
    const [fromId, toId] = [putObject(sandbox, from), putObject(sandbox, to)];
    const path = `/crm/associations/2026-09/${from}/${to}/batch/associate/default`;
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sandbox-token' };
    const body = JSON.stringify({ inputs: [{ from: { id: fromId }, to: { id: toId } }] });
    const answer = await fetch(sandbox.url + path, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`the stand-in refused an association: ${answer.status}`);
    return `${fromId}:${toId}`;
  };
  return {
    ids: async () => {
      const sql = `SELECT CAST(from_id AS TEXT) || ':' || CAST(to_id AS TEXT) AS id FROM associations
        WHERE from_type = ? AND to_type = ?`;
      return sandbox.database
        .statement(sql)
        .all(from, to)
        .map(({ id }) => String(id));
    },
    put: (count) => Promise.all(Array.from({ length: count }, associate)),
    sample,
    refused: () => ({ id: '1:1', fromId: '1', toId: '1' }),
  };
};

/** As HubSpot sends events: several in a request, without an id that would be unique. */
const delivery = (index: number) => ({
  url: 'https://hooks.example.test/hubspot',
  body: JSON.stringify([
    {
      eventId: 1,
      subscriptionId: 12345,
      portalId: 62515,
      appId: 77,
      occurredAt: noon - 60_000,
      subscriptionType: 'contact.propertyChange',
      attemptNumber: 0,
      objectId: 1001 + index,
      propertyName: 'email',
      propertyValue: 'ada@example.test',
      changeSource: 'CRM_UI',
    },
  ]),
});

/** A refresh token, as a user's grant would have left it. */
const granted = ({ database }: HubSpotSandbox): string => {
  const token = 'refresh-token-of-the-conformance-suite';
  database.statement("INSERT INTO oauth_tokens VALUES (?, 'refresh', NULL)").run(token);
  return token;
};

const start: World['start'] = async () => {
  const clock = virtualClock(noon);
  const sandbox = await startHubSpotSandbox({ clock });
  const limits = { requestTimeoutMs: 2e9, callTimeoutMs: 2e9 };
  const connection = { settings: { baseUrl: sandbox.url }, credentials: { token: 'sandbox-token' }, clock, limits };
  await drive(clock, prepare(connection));
  return {
    url: sandbox.url,
    settings: (baseUrl) => ({ baseUrl }),
    credentials: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret', refreshToken: granted(sandbox) },
    clock,
    resources: {
      contacts: objects(sandbox, 'contacts'),
      companies: objects(sandbox, 'companies'),
      deals: objects(sandbox, 'deals'),
      products: objects(sandbox, 'products'),
      lineItems: objects(sandbox, 'line_items'),
      contactCompanies: associations(sandbox, 'contacts', 'companies'),
      dealContacts: associations(sandbox, 'deals', 'contacts'),
      dealCompanies: associations(sandbox, 'deals', 'companies'),
      lineItemDeals: associations(sandbox, 'line_items', 'deals'),
    },
    delivery,
    stop: () => sandbox.close(),
  };
};

const world: World = {
  name: 'HubSpot sandbox',
  kind: 'sandbox',
  start,
  dialect: {
    throttled: () => ({ status: 429, body: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' } }),
    throttledMs: 10_000,
    unauthenticated: () => ({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } }),
    forbidden: () => ({ status: 403, body: { category: 'MISSING_SCOPES' } }),
    // The page of objects alone: a page of associations is read by batch.
    emptyPage: (body) => (isRecord(body) && readField(body, 'paging') ? { ...body, results: [] } : body),
    isTokenRequest: ({ path }) => path.endsWith('/token'),
  },
};

conformance(hubspot, { test, expect, world, sheet: new URL('../conformance.json', import.meta.url) });
