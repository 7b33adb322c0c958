import { isRecord, type Sandbox, type SandboxClock, startSandbox } from '@mortise/testing';
import { type StockChange, setStock } from './records/stock.ts';
import { discoveryRoutes } from './rest/discovery.ts';
import { oauthRoutes } from './rest/oauth.ts';
import { answerRestError, recordRoutes } from './rest/records.ts';
import type { SeedOptions } from './seed/records.ts';
import { completeSettings, type NetSuiteSettingsInput, parseSettings } from './settings.ts';
import { soapRoutes } from './soap/endpoint.ts';
import { openState } from './state.ts';
import { suiteQlRoutes } from './suiteql/routes.ts';
import type { NetSuiteState } from './types.ts';

/** Options of {@link startNetSuiteSandbox}. */
export type NetSuiteSandboxOptions = {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** SQLite file; without it everything is in memory. */
  database?: string;
  /** Seeds an empty database: a number, or counts with it. */
  seed?: number | SeedOptions;
  settings?: NetSuiteSettingsInput;
  /** Where the stand-in reads the time, Unix milliseconds. */
  clock?: SandboxClock;
};

/** A running stand-in. */
export type NetSuiteSandbox = Sandbox<NetSuiteState>;

const routes = [...soapRoutes, ...oauthRoutes, ...recordRoutes, ...suiteQlRoutes, ...discoveryRoutes];

function stockChange(body: unknown): StockChange {
  if (!isRecord(body)) throw new TypeError(stockForm);
  const { itemId, sku, locationId, location, onHand, committed } = body;
  if (typeof onHand !== 'number' || (committed !== undefined && typeof committed !== 'number')) {
    throw new TypeError(stockForm);
  }
  return {
    item: typeof sku === 'string' ? { name: sku } : { id: String(itemId) },
    location: typeof location === 'string' ? { name: location } : { id: String(locationId) },
    onHand,
    ...(committed === undefined ? {} : { committed }),
  };
}

const stockForm = 'A change of stock is an object with itemId or sku, locationId or location, and onHand.';

/** Starts the stand-in on loopback. Rejects with node's own error when the port or the file cannot be had. */
export function startNetSuiteSandbox(options: NetSuiteSandboxOptions = {}): Promise<NetSuiteSandbox> {
  const settings = completeSettings(options.settings);
  const clock = options.clock ?? { now: () => Date.now() };
  const seed = typeof options.seed === 'number' ? { number: options.seed } : options.seed;
  let resetState = (): void => {};
  return startSandbox<NetSuiteState>({
    routes,
    clock,
    state: (database) => {
      const opened = openState(database, { settings, clock, seed });
      resetState = opened.reset;
      return opened.state;
    },
    failure: answerRestError,
    resetState: () => resetState(),
    admin: (state) => ({
      'POST stock': ({ body }) => {
        setStock(state, stockChange(body));
        return { status: 204 };
      },
      'POST settings': ({ body }) => {
        Object.assign(state.settings, completeSettings(parseSettings(body), state.settings));
        return { status: 204 };
      },
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
}
