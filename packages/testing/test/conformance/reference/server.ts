import { createHash } from 'node:crypto';
import {
  isRecord,
  type Route,
  type SandboxAnswer,
  type SandboxClock,
  type SandboxDatabase,
  type SandboxRequest,
  startSandbox,
} from '../../../src/index.ts';

/** A thing as the vendor keeps it. */
export interface Thing {
  id: string;
  sku: string;
  name: string;
  /** Decimal text; null where nobody gave one. */
  price: string | null;
  createdAt: number;
  changedAt: number;
}

/** The things, live and deleted. */
export interface ThingsState {
  readonly things: Map<string, Thing>;
  readonly deleted: Map<string, number>;
  /** How long a deletion is not told yet. */
  readonly lag: { ms: number };
  /** Tokens that are taken. */
  readonly tokens: Set<string>;
  readonly put: (thing: Omit<Thing, 'id'>) => Thing;
}

/** Most rows of a page, whatever is asked for. */
const largestPage = 5;

const emptyState = (_database: SandboxDatabase): ThingsState => {
  const things = new Map<string, Thing>();
  let last = 100;
  return {
    things,
    deleted: new Map(),
    lag: { ms: 0 },
    tokens: new Set(),
    put: (thing) => {
      last += 1;
      const made = { ...thing, id: String(last) };
      things.set(made.id, made);
      return made;
    },
  };
};

const wireOf = ({ createdAt, changedAt, ...thing }: Thing) => ({
  ...thing,
  createdAt: new Date(createdAt).toISOString(),
  changedAt: new Date(changedAt).toISOString(),
});

const missing = (status: number, code: string): SandboxAnswer => ({ status, json: { code } });

type Handle = Route<ThingsState>['handle'];

const bySince = (query: URLSearchParams, thing: Thing, by: 'createdAt' | 'changedAt'): boolean => {
  const [from, to] = [query.get('since'), query.get('until')];
  const at = thing[by];
  return (from === null || at >= Number(from)) && (to === null || at <= Number(to));
};

/** Sorted by stamp and id; goes on behind `after`, which is a place in that order. */
const list: Handle = ({ query, path, headers }, { state }) => {
  const asked = Number(query.get('limit') ?? largestPage);
  const limit = Math.min(asked, largestPage);
  const by = query.get('by') === 'created' ? 'createdAt' : 'changedAt';
  const order = [...state.things.values()].sort(
    (left, right) => left.changedAt - right.changedAt || Number(left.id) - Number(right.id),
  );
  const [stamp = '-1', id = '0'] = (query.get('after') ?? '').split('-').filter((part) => part !== '');
  const isBehind = (thing: Thing): boolean =>
    query.has('strict')
      ? thing.changedAt > Number(stamp)
      : thing.changedAt > Number(stamp) || (thing.changedAt === Number(stamp) && Number(thing.id) > Number(id));
  const rest = order.filter((thing) => bySince(query, thing, by) && (!query.has('after') || isBehind(thing)));
  const rows = rest.slice(0, limit);
  const last = rows.at(-1);
  const more = rest.length > rows.length && last !== undefined;
  const next = new URLSearchParams(query);
  next.set('after', `${last?.changedAt}-${last?.id}`);
  return {
    status: 200,
    json: {
      things: rows.map(wireOf),
      total: order.length,
      ...(more && { next: `http://${headers.host}${path}?${next}` }),
    },
  };
};

const keyOf = (value: unknown): string => (isRecord(value) ? String(value.sku ?? '') : '');

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Upserts by SKU, each by itself; `plain` makes a new one each time, as a vendor without keys. */
const write: Handle = ({ body, query, at }, { state, noteWrite }) => {
  const inputs = isRecord(body) && Array.isArray(body.things) ? body.things : [];
  if (inputs.length > 5) return missing(400, 'TOO_MANY');
  const results = inputs.map((input: unknown) => {
    const sku = keyOf(input);
    if (sku.startsWith('BAD') || !isRecord(input)) return { error: 'REFUSED' };
    const known = query.has('plain') ? undefined : [...state.things.values()].find((thing) => thing.sku === sku);
    const fields = { sku, name: String(input.name ?? '').trim(), price: textOrNull(input.price) };
    if (known === undefined) {
      const made = state.put({ ...fields, createdAt: at, changedAt: at });
      noteWrite({ kind: 'create', type: 'things', id: made.id, key: sku });
      return { thing: wireOf(made), created: true };
    }
    Object.assign(known, fields, { changedAt: at });
    return { thing: wireOf(known), created: false };
  });
  return { status: results.some((result) => 'error' in result) ? 207 : 200, json: { results } };
};

const routes: readonly Route<ThingsState>[] = [
  { method: 'GET', path: '/v1/things', handle: list },
  {
    method: 'GET',
    path: '/v1/things/{id}',
    handle: ({ params }, { state }) => {
      const thing = state.things.get(params.id ?? '');
      return thing === undefined ? missing(404, 'NO_SUCH_THING') : { status: 200, json: wireOf(thing) };
    },
  },
  {
    method: 'PATCH',
    path: '/v1/things/{id}',
    handle: ({ params, body, at }, { state }) => {
      const thing = state.things.get(params.id ?? '');
      if (thing === undefined) return missing(404, 'NO_SUCH_THING');
      const change = isRecord(body) ? body : {};
      Object.assign(thing, change, { changedAt: at });
      return { status: 200, json: wireOf(thing) };
    },
  },
  {
    method: 'DELETE',
    path: '/v1/things/{id}',
    handle: ({ params, at }, { state }) => {
      state.things.delete(params.id ?? '');
      state.deleted.set(params.id ?? '', at);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: '/v1/find',
    handle: ({ body }, { state }) => {
      const sku = keyOf(body);
      // A search, as vendors have them: what begins with the text is found as well.
      const things = [...state.things.values()].filter((thing) => thing.sku.startsWith(sku.slice(0, 4)));
      return { status: 200, json: { things: things.map(wireOf) } };
    },
  },
  {
    method: 'GET',
    path: '/v1/deleted',
    handle: ({ query, at: now }, { state }) => {
      const since = Number(query.get('since') ?? 0);
      const ids = [...state.deleted].flatMap(([id, at]) => (at >= since && at <= now - state.lag.ms ? [id] : []));
      return { status: 200, json: { ids } };
    },
  },
  { method: 'POST', path: '/v1/batch', handle: write },
  {
    method: 'POST',
    path: '/v1/login',
    handle: ({ body }, { state }) => {
      if (!isRecord(body) || body.password !== password) return missing(401, 'BAD_PASSWORD');
      const token = createHash('sha256').update(`token-${state.tokens.size}`).digest('hex');
      state.tokens.add(token);
      return { status: 200, json: { token } };
    },
  },
];

/** The only password there is. */
export const password = 'the-password-of-the-reference';

const authenticated = ({ path, headers }: SandboxRequest, tokens: ReadonlySet<string>): boolean =>
  path === '/v1/login' || tokens.has(headers.authorization?.replace('Bearer ', '') ?? '');

/** A small vendor: pages led on by links, upserts by SKU, deletions told, sessions. */
export const startReference = (clock: SandboxClock) =>
  startSandbox<ThingsState>({
    routes,
    clock,
    state: emptyState,
    before: (request, { state }) => (authenticated(request, state.tokens) ? undefined : missing(401, 'NO_SESSION')),
  });
