import { type Sandbox, type SandboxClock, startSandbox } from '@mortise/testing';
import { countStock, parseStockCounts } from './records/stock-count.ts';
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
      'POST settings': ({ body }) => {
        Object.assign(state.settings, completeSettings(parseSettings(body), state.settings));
        return { status: 204 };
      },
      'POST stock': ({ body }) => {
        state.database.transaction(() => countStock(state, parseStockCounts(body)));
        return { status: 204 };
      },
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
}
