/**
 * One of several worker processes that share a quota: node quota-process.ts <its orders as JSON>. Its time is told by
 * the parent: it says when it has nothing to do before some time, and goes on when that time has come.
 */
import { type Clock, defineVendor, open, type QuotaLedger, sealSecret } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { rest } from '@mortise/runtime/rest';
import { openStore } from '@mortise/store';
import { z } from 'zod';

/** What the process is told. */
export interface QuotaOrders {
  readonly url: string;
  /** State file that all share; without one each process counts alone. */
  readonly statePath?: string | undefined;
  /** Key of the state, base64. */
  readonly key: string;
  /** Wall time at which the parent's time began, Unix milliseconds. */
  readonly startMs: number;
  /** The parent's time now, milliseconds since then. */
  readonly timeMs: number;
  readonly requests: number;
  readonly perMs: number;
  /** Callers that each send one request after the other. */
  readonly callers: number;
}

// The test writes them.
const orders = JSON.parse(process.argv[2] ?? '') as QuotaOrders;

let elapsed = orders.timeMs;
/** What runs on real time: requests and the store. Time stands still for it. */
let underWay = 0;
let activity = 0;
const timers = new Set<{ readonly at: number; readonly callback: () => void }>();

const clock: Clock = {
  now: () => orders.startMs + elapsed,
  monotonic: () => elapsed,
  schedule: (callback, milliseconds) => {
    const timer = { at: elapsed + Math.max(0, milliseconds), callback };
    timers.add(timer);
    return () => void timers.delete(timer);
  },
};

const counted = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  underWay += 1;
  try {
    return await run();
  } finally {
    underWay -= 1;
    activity += 1;
  }
};

/** The whole answer is read while time stands still. */
const countedFetch: typeof globalThis.fetch = (input, init) =>
  counted(async () => {
    const response = await fetch(input, init);
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const quietTurns = 6;

const settled = async (): Promise<void> => {
  for (let quiet = 0, seen = activity; quiet < quietTurns; quiet += 1) {
    await turn();
    if (underWay === 0 && seen === activity) continue;
    quiet = -1;
    seen = activity;
  }
};

const tellIdle = async () => {
  await settled();
  process.send?.({ next: timers.size === 0 ? null : Math.min(...[...timers].map(({ at }) => at)) });
};

process.on('message', ({ timeMs }: { timeMs: number }) => {
  elapsed = timeMs;
  for (const timer of [...timers].filter(({ at }) => at <= timeMs)) {
    if (timers.delete(timer)) timer.callback();
  }
  void tellIdle();
});
process.on('disconnect', () => process.exit(0));

const sharedLedger = async (path: string): Promise<QuotaLedger> => {
  const store = await openStore({ path, key: Buffer.from(orders.key, 'base64') });
  return { take: (request) => counted(() => store.quotas.take(request)) };
};

const noTokens = { read: async () => undefined, save: async () => true, remove: async () => false };
const { requests, perMs } = orders;
const vendor = defineVendor({
  id: 'acme',
  settings: z.strictObject({}),
  credentials: z.strictObject({}),
  transports: () => ({ rest: rest({ baseUrl: orders.url, quota: [{ name: 'default', requests, perMs }] }) }),
  auth: () => bearer(sealSecret('a token')),
});
const things = vendor.resource({
  record: z.looseObject({ id: z.string() }),
  key: 'id',
  changes: 'none',
  get: async (call, id) => {
    const { body } = await call.transports.rest.send({ method: 'GET', path: 'things/{id}', parameters: { id } });
    return body;
  },
});
const live = open(vendor.connector({ resources: { things } }), {
  clock,
  fetch: countedFetch,
  limits: { quotaReserve: 0 },
  ...(orders.statePath !== undefined && {
    store: { tokens: noTokens, quotas: await sharedLedger(orders.statePath) },
  }),
});

const callForever = async () => {
  for (;;) await live.things.get(String(process.pid));
};
for (let caller = 0; caller < orders.callers; caller += 1) void callForever();
void tellIdle();
