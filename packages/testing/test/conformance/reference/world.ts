import { setTimeout as pause } from 'node:timers/promises';
import {
  isRecord,
  type ResourceWorld,
  type SandboxClock,
  virtualClock,
  type World,
  type WorldSession,
} from '../../../src/index.ts';
import { password, startReference } from './server.ts';

const startWith = async (clock: SandboxClock, lagMs: number): Promise<WorldSession> => {
  const server = await startReference(clock);
  const { things, put, deleted } = server.state;
  server.state.lag.ms = lagMs;
  let made = 0;
  return {
    url: `${server.url}/v1`,
    settings: (baseUrl) => ({ baseUrl }),
    credentials: { password },
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

const start: World['start'] = async () => {
  const clock = virtualClock(Date.UTC(2026, 10, 23, 12));
  return { ...(await startWith(clock, 2_000)), clock };
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

/** Longer than the suite's clock stands still without a cause, real milliseconds. */
const workMs = 100;

const slowed = (hands: ResourceWorld): ResourceWorld => ({
  ...hands,
  put: async (...given) => {
    await pause(workMs);
    return (await hands.put?.(...given)) ?? [];
  },
});

/** The same vendor as a real server: it has its own clock, is started once, and work behind its back takes time. */
export const realWorld: World = {
  ...world,
  name: 'reference server',
  kind: 'real server',
  start: async () => {
    // The suite cannot move its clock: what lags would be waited for in vain.
    const session = await startWith({ now: Date.now }, 0);
    const slow = Object.entries(session.resources).map(([name, hands]) => [name, slowed(hands)] as const);
    return { ...session, resources: Object.fromEntries(slow) };
  },
};
