import { type AdminHandler, isRecord, type Sandbox, startSandbox } from '@mortise/testing';
import { refusedAdmission, withVersion } from './admission.ts';
import { bulkFileRoutes } from './bulk/file.ts';
import { statusAnswer } from './graphql/failure.ts';
import { graphqlRoutes } from './graphql/route.ts';
import { oauthRoutes } from './oauth/routes.ts';
import type { SeedOptions } from './seed/records.ts';
import { completeSettings, parseSettings, type ShopifySettingsInput } from './settings.ts';
import { destroy, mergeCustomers, type PlacedOrder, placeOrder, touch } from './shop/drive.ts';
import { openState } from './state.ts';
import type { ShopifyClock, ShopifyState } from './types.ts';

/** Options of {@link startShopifySandbox}. */
export type ShopifySandboxOptions = {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** SQLite file; without it everything is in memory. */
  database?: string;
  /** Seeds an empty database: a number, or counts with it. */
  seed?: number | SeedOptions;
  settings?: ShopifySettingsInput;
  /** Where the stand-in reads the time (Unix milliseconds) and lets webhooks wait; a virtual clock fits. */
  clock?: ShopifyClock;
};

/** A running stand-in. */
export type ShopifySandbox = Sandbox<ShopifyState>;

const systemClock: ShopifyClock = {
  now: () => Date.now(),
  schedule: (callback, milliseconds) => {
    const timer = setTimeout(callback, milliseconds);
    // A retry that waits for hours must not keep the process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const isLine = (value: unknown): value is PlacedOrder['lines'][number] =>
  isRecord(value) && typeof value.variantId === 'string' && typeof value.quantity === 'number';

function orderOf(body: unknown): PlacedOrder {
  if (!isRecord(body) || !Array.isArray(body.lines) || !body.lines.every(isLine)) {
    throw new TypeError('An order has lines of variantId and quantity.');
  }
  const { customerId, lines } = body;
  return typeof customerId === 'string' ? { customerId, lines } : { lines };
}

function textOf(body: unknown, name: string): string {
  const value = isRecord(body) ? body[name] : undefined;
  if (typeof value !== 'string') throw new TypeError(`Give "${name}" as a text.`);
  return value;
}

function adminCalls(state: ShopifyState): Readonly<Record<string, AdminHandler>> {
  return {
    'POST settings': ({ body }) => {
      Object.assign(state.settings, completeSettings(parseSettings(body), state.settings));
      return { status: 204 };
    },
    'POST orders': ({ body }) => ({ status: 201, json: { id: placeOrder(state, orderOf(body)) } }),
    'POST touch': ({ body }) => {
      const fields = isRecord(body) && isRecord(body.fields) ? body.fields : {};
      touch(state, textOf(body, 'id'), fields);
      return { status: 204 };
    },
    'POST delete': ({ body }) => {
      destroy(state, textOf(body, 'id'));
      return { status: 204 };
    },
    'POST merge': ({ body }) => {
      mergeCustomers(state, { from: textOf(body, 'from'), into: textOf(body, 'into') });
      return { status: 204 };
    },
  };
}

/** Starts the stand-in on loopback. Rejects with node's own error when the port or the file cannot be had. */
export function startShopifySandbox(options: ShopifySandboxOptions = {}): Promise<ShopifySandbox> {
  const settings = completeSettings(options.settings);
  const clock = options.clock ?? systemClock;
  const seed = typeof options.seed === 'number' ? { number: options.seed } : options.seed;
  let resetState = (): void => {};
  return startSandbox<ShopifyState>({
    routes: [...graphqlRoutes, ...oauthRoutes, ...bulkFileRoutes],
    clock,
    state: (database) => {
      const opened = openState(database, { settings, clock, seed });
      resetState = opened.reset;
      return opened.state;
    },
    resetState: () => resetState(),
    admin: adminCalls,
    before: refusedAdmission,
    after: withVersion,
    notFound: () => statusAnswer(404, 'Not Found'),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
}
