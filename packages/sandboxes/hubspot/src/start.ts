import { randomUUID } from 'node:crypto';
import { isRecord, type Sandbox, type SandboxAnswer, type SandboxRequest, startSandbox } from '@mortise/testing';
import { associationRoutes } from './associations/routes.ts';
import { answerError, failureAnswer, HubSpotFailure, notFound } from './failure.ts';
import { limitAnswer, limitHeaders } from './limits/answers.ts';
import { authenticate, isOAuth, requireScope } from './oauth/bearer.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { objectRoutes } from './objects/routes.ts';
import { propertyRoutes } from './properties/routes.ts';
import type { SeedOptions } from './seed/records.ts';
import { completeSettings, type HubSpotSettingsInput, parseSettings } from './settings.ts';
import { openState } from './state.ts';
import type { Context, HubSpotState, SchedulingClock } from './types.ts';

/** Options of {@link startHubSpotSandbox}. */
export type HubSpotSandboxOptions = {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** SQLite file; without it everything is in memory. */
  database?: string;
  /** Seeds an empty database: a number, or counts with it. */
  seed?: number | SeedOptions;
  settings?: HubSpotSettingsInput;
  /** Where the stand-in reads the time, Unix milliseconds. */
  clock?: SchedulingClock;
};

/** A running stand-in. */
export type HubSpotSandbox = Sandbox<HubSpotState>;

const routes = [...objectRoutes, ...associationRoutes, ...propertyRoutes, ...oauthRoutes];

const isSearch = (request: SandboxRequest): boolean => request.template.endsWith('/search');
const isOAuthPath = (request: SandboxRequest): boolean => request.path.startsWith('/oauth/');

/** What answers instead of the account: an ended version of the API, or an account that is closed. */
function standing({ path }: SandboxRequest, { settings }: HubSpotState): SandboxAnswer | undefined {
  if (settings.sunsetVersions.some((version) => path.includes(`/${version}/`))) {
    return { status: settings.sunsetStatus, json: { message: 'This version of the API is no longer supported.' } };
  }
  if (settings.account === 'open') return undefined;
  const message = 'This account has been deactivated.';
  return failureAnswer(new HubSpotFailure(settings.closedStatus, settings.closedCategory, { message }));
}

function before(request: SandboxRequest, { state }: Context): SandboxAnswer | undefined {
  const ended = standing(request, state);
  if (ended !== undefined) return ended;
  if (isOAuthPath(request)) return undefined;
  authenticate(request, state);
  const limit = state.limits.take(isSearch(request), state.clock.now());
  if (limit !== undefined) return limitAnswer(limit, state);
  requireScope(request, state);
  return undefined;
}

function after(answer: SandboxAnswer, request: SandboxRequest, { state }: Context): SandboxAnswer {
  const told = isRecord(answer.json) ? answer.json.correlationId : undefined;
  const correlation = typeof told === 'string' ? told : randomUUID();
  const ids = { 'x-hubspot-correlation-id': correlation, 'x-request-id': randomUUID() };
  // Searches carry no rate-limit headers: a client cannot learn their limit from answers.
  const bare = isSearch(request) || isOAuthPath(request) || answer.status === 401;
  const limits = bare ? {} : limitHeaders(state, { oauth: isOAuth(request, state) });
  return { ...answer, headers: { ...ids, ...limits, ...answer.headers } };
}

/** Starts the stand-in on loopback. Rejects with node's own error when the port or the file cannot be had. */
export async function startHubSpotSandbox(options: HubSpotSandboxOptions = {}): Promise<HubSpotSandbox> {
  const settings = completeSettings(options.settings);
  const clock = options.clock ?? { now: () => Date.now() };
  const seed = typeof options.seed === 'number' ? { number: options.seed } : options.seed;
  let resetState = (): void => {};
  const sandbox = await startSandbox<HubSpotState>({
    routes,
    clock,
    state: (database) => {
      const opened = openState(database, { settings, clock, seed });
      resetState = opened.reset;
      return opened.state;
    },
    resetState: () => resetState(),
    admin: ({ settings: current, webhooks }) => ({
      'POST settings': ({ body }) => {
        Object.assign(current, completeSettings(parseSettings(body), current));
        return { status: 204 };
      },
      'GET webhooks': () => ({ status: 200, json: { requests: webhooks.requests() } }),
    }),
    before,
    after,
    failure: answerError,
    notFound: (request) => failureAnswer(notFound(`No route for ${request.method} ${request.path}`)),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
  const { state } = sandbox;
  // What a stand-in that was killed had not delivered yet.
  state.webhooks.pump();
  return {
    ...sandbox,
    close: () => {
      state.webhooks.stop();
      return sandbox.close();
    },
  };
}
