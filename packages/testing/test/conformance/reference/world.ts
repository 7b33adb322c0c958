import { isRecord, virtualClock, type World } from '../../../src/index.ts';
import { lagMs, password, startReference } from './server.ts';

const start: World['start'] = async () => {
  const clock = virtualClock(Date.UTC(2026, 10, 23, 12));
  const server = await startReference(clock);
  const { things, put, deleted } = server.state;
  let made = 0;
  return {
    url: `${server.url}/v1`,
    settings: (baseUrl) => ({ baseUrl }),
    credentials: { password },
    clock,
    resources: {
      things: {
        ids: async () => [...things.keys()],
        put: async (count, { at = clock.now() } = {}) =>
          Array.from({ length: count }, () => {
            made += 1;
            const price = made % 2 === 0 ? null : `${made}.50`;
            return put({ sku: `PUT-${made}`, name: `Thing ${made}`, price, createdAt: at, changedAt: at }).id;
          }),
        touch: async (id, at) => {
          const thing = things.get(id);
          if (thing !== undefined) Object.assign(thing, { name: `${thing.name} again`, changedAt: at });
        },
        delete: async (id) => {
          things.delete(id);
          deleted.set(id, clock.now());
        },
        sample: (index) => ({ sku: `SKU-${index}-end`, name: `Written ${index}`, price: `${index}.25` }),
        refused: (index) => ({ sku: `BAD-${index}`, name: 'refused' }),
        change: () => ({ name: 'Changed' }),
        lagMs,
      },
    },
    delivery: (index) => ({
      url: 'https://hooks.example/reference',
      body: JSON.stringify({ event: `event-${index}` }),
    }),
    stop: () => server.close(),
  };
};

/** The reference vendor for the suite. */
export const world: World = {
  name: 'reference vendor',
  kind: 'sandbox',
  start,
  dialect: {
    emptyPage: (body) => (isRecord(body) ? { ...body, things: [] } : body),
    pageExpired: () => ({ status: 410, body: { code: 'CURSOR_EXPIRED' } }),
    isTokenRequest: ({ path }) => path.endsWith('/login'),
  },
};
