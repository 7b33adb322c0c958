import { startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { conformance, isRecord, type ResourceWorld, virtualClock, type World } from '@mortise/testing';
import { expect, test } from 'vitest';
import hubspot, { prepare } from '../src/index.ts';
import { defaultSearchLagMs } from '../src/vendor-facts.ts';
import { drive, noon } from './connection.ts';

type Sandbox = Awaited<ReturnType<typeof startHubSpotSandbox>>;
type Type = 'contacts' | 'deals' | 'products';

/** Properties of a record, written or put behind the connector's back; another key for each index. */
const properties: Record<Type, (index: number, from: string) => Record<string, string>> = {
  contacts: (index, from) => ({ email: `${from}${index}@example.test`, firstname: 'Ada', phone: '+49 30 1234567' }),
  deals: (index, from) => ({ mortise_key: `${from}-${index}`, dealname: `Deal ${index}`, amount: '12.50' }),
  products: (index, from) => ({ mortise_key: `${from}-${index}`, hs_sku: `${from}-${index}`, name: `Lamp ${index}` }),
};

const hands = (sandbox: Sandbox, type: Type): ResourceWorld => {
  const { database, state } = sandbox;
  let made = 0;
  const put = (at: number): string => {
    made += 1;
    const id = state.nextId(type);
    const sql = 'INSERT INTO objects VALUES (?, ?, ?, ?, ?, NULL)';
    database.statement(sql).run(type, BigInt(id), JSON.stringify(properties[type](made, 'put')), at, at);
    return id;
  };
  return {
    ids: async () => {
      const sql = 'SELECT CAST(id AS TEXT) AS id FROM objects WHERE type = ? AND archived_at IS NULL';
      return database
        .statement(sql)
        .all(type)
        .map(({ id }) => String(id));
    },
    put: async (count, { at = state.clock.now() } = {}) => Array.from({ length: count }, () => put(at)),
    touch: async (id, at) => {
      database.statement('UPDATE objects SET updated_at = ? WHERE type = ? AND id = ?').run(at, type, BigInt(id));
    },
    delete: async (id) => {
      const sql = 'UPDATE objects SET archived_at = ? WHERE type = ? AND id = ?';
      database.statement(sql).run(state.clock.now(), type, BigInt(id));
    },
    sample: (index) => ({ properties: properties[type](index, 'sample') }),
    refused: (index) => ({ properties: { ...properties[type](index, 'refused'), no_such_property: 'x' } }),
    lagMs: defaultSearchLagMs,
  };
};

const start: World['start'] = async () => {
  const clock = virtualClock(noon);
  const sandbox = await startHubSpotSandbox({ clock });
  const connection = { settings: { baseUrl: sandbox.url }, credentials: { token: 'sandbox-token' }, clock };
  await drive(clock, prepare({ ...connection, limits: { requestTimeoutMs: 2e9, callTimeoutMs: 2e9 } }));
  return {
    url: sandbox.url,
    settings: (baseUrl) => ({ baseUrl }),
    credentials: connection.credentials,
    clock,
    resources: {
      contacts: hands(sandbox, 'contacts'),
      deals: hands(sandbox, 'deals'),
      products: hands(sandbox, 'products'),
    },
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
    emptyPage: (body) => (isRecord(body) ? { ...body, results: [] } : body),
  },
};

conformance(hubspot, { test, expect, world, sheet: new URL('../conformance.json', import.meta.url) });
