import { type SandboxAnswer, type SandboxClock, startSandbox } from '@mortise/testing';
import { bulkSchema, listensAt } from './bulk/operations.ts';
import { workBulk } from './bulk/work.ts';
import { costBucket } from './cost/bucket.ts';
import { idempotencySchema } from './mutations/inventory.ts';
import { tokenSchema } from './oauth/tokens.ts';
import { recordSchema } from './records/table.ts';
import { routes } from './routes.ts';
import { seedShop } from './seed/seed.ts';
import type { SeedOptions } from './seed/seed-options.ts';
import { completeSettings, parseSettings, type ShopifySettingsInput } from './settings.ts';
import type { ShopifySandbox, ShopifyState } from './state.ts';
import { deliverDue } from './webhooks/deliver.ts';
import { webhookSchema } from './webhooks/subscriptions.ts';

/** Options of {@link startShopifySandbox}. */
export interface ShopifySandboxOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** SQLite file; without it everything is in memory. */
  readonly database?: string;
  /** Seeds an empty database: a number, or counts with it. */
  readonly seed?: number | SeedOptions;
  readonly settings?: ShopifySettingsInput;
  /** Where the stand-in reads the time, Unix milliseconds. With one of your own, webhooks leave by `deliver` alone. */
  readonly clock?: SandboxClock;
}

/** How often webhooks that are due are looked for, milliseconds. */
const deliveryMs = 100;

const tables = ['records', 'deletions', 'idempotency', 'tokens', 'subscriptions', 'deliveries', 'bulk'];

const failure = (error: unknown): SandboxAnswer => ({
  status: 500,
  json: { errors: error instanceof Error ? error.message : 'Internal Server Error' },
});

/** Starts the stand-in on loopback. Rejects with node's own error when the port or the file cannot be had. */
export const startShopifySandbox = async (options: ShopifySandboxOptions = {}): Promise<ShopifySandbox> => {
  const settings = completeSettings(options.settings);
  const clock = options.clock ?? { now: () => Date.now() };
  const seed = typeof options.seed === 'number' ? { number: options.seed } : options.seed;
  const fill = (state: ShopifyState): void => {
    const some = state.database.statement('SELECT 1 FROM records LIMIT 1').get();
    if (some === undefined && seed !== undefined) state.database.transaction(() => seedShop(state, seed));
  };
  const sandbox = await startSandbox<ShopifyState>({
    routes,
    clock,
    state: (database) => {
      database.raw.exec(recordSchema + idempotencySchema + tokenSchema + webhookSchema + bulkSchema);
      const state = { database, settings, clock, bucket: costBucket(settings, clock) };
      fill(state);
      return state;
    },
    resetState: (state) => {
      for (const table of tables) state.database.raw.exec(`DELETE FROM ${table}`);
      state.bucket.refill();
      fill(state);
    },
    admin: (state) => ({
      'POST settings': ({ body }) => {
        Object.assign(state.settings, completeSettings(parseSettings(body), state.settings));
        return { status: 204 };
      },
      'POST bulk/finish': () => {
        workBulk(state);
        return { status: 204 };
      },
    }),
    after: (answer, _request, { state, afterAnswer }) => {
      if (!state.settings.holdBulk) afterAnswer(() => workBulk(state));
      return answer;
    },
    failure,
    notFound: () => ({ status: 404, json: { errors: 'Not Found' } }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
  listensAt(sandbox.state, sandbox.url);
  return withDeliveries(sandbox, { isOwnClock: options.clock !== undefined });
};

/** Adds the sender of webhooks: one at a time, and none any more once the shop is closed. */
const withDeliveries = (
  sandbox: Awaited<ReturnType<typeof startSandbox<ShopifyState>>>,
  { isOwnClock }: { readonly isOwnClock: boolean },
): ShopifySandbox => {
  let sending: Promise<number> = Promise.resolve(0);
  let isClosed = false;
  const deliver = (): Promise<number> => {
    sending = sending.catch(() => 0).then(() => (isClosed ? 0 : deliverDue(sandbox.state)));
    return sending;
  };
  const timer = isOwnClock ? undefined : setInterval(() => void deliver(), deliveryMs);
  timer?.unref();
  const close = async () => {
    isClosed = true;
    clearInterval(timer);
    await sending.catch(() => 0);
    await sandbox.close();
  };
  return { ...sandbox, deliver, close };
};
