import { z } from 'zod';
import { bearer } from '../../src/auth/index.ts';
import {
  type Auth,
  type CallOptions,
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  open,
  type RuntimeEvent,
  secret,
} from '../../src/index.ts';
import {
  type RestAnswer,
  type RestOptions,
  type RestRequest,
  type RestTransport,
  rest,
} from '../../src/protocols/rest/index.ts';
import { testClock } from './clock.ts';

/** The credential of the connections here. */
export const canary = 'canary-4f8b+/secret token';

/** What a connection of these tests can be given. */
export interface TestOptions extends ConnectionOptions {
  readonly rest?: Partial<RestOptions>;
  readonly auth?: Auth<{ readonly rest: RestTransport }>;
}

/** A connector whose one operation sends any REST request, opened. Waits take no time. */
export const connect = (baseUrl: string, { rest: restOptions, auth, ...options }: TestOptions = {}) => {
  const events: RuntimeEvent[] = [];
  const clock = testClock();
  const pending = new Map<string, RestRequest>();
  const answers = new Map<string, RestAnswer>();
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl, ...restOptions }) }),
    auth: ({ credentials }) => auth ?? bearer(credentials.token),
  });
  const things = vendor.resource({
    record: z.looseObject({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      answers.set(id, await call.transports.rest.send(pending.get(id) ?? { method: 'GET', path: 'things' }));
      return { id };
    },
  });
  const given = { clock, random: () => 0.5, events: (event: RuntimeEvent) => void events.push(event), ...options };
  const live = open(vendor.connector({ resources: { things } }), { credentials: { token: canary }, ...given });
  let count = 0;
  const send = async (request: RestRequest, callOptions?: CallOptions): Promise<RestAnswer | undefined> => {
    const id = String(count++);
    pending.set(id, request);
    await live.things.get(id, callOptions);
    return answers.get(id);
  };
  const get = (path = 'things', callOptions?: CallOptions) => send({ method: 'GET', path }, callOptions);
  const post = (body: unknown = { name: 'x' }) => send({ method: 'POST', path: 'things', body });
  return { send, get, post, events, clock };
};

/** The ConnectorError that a promise rejects with. */
export const refusal = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown = await promise.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
  if (isConnectorError(thrown)) return thrown;
  throw thrown;
};

/** The ConnectorError that a function throws. */
export const thrownBy = (run: () => unknown): ConnectorError => {
  try {
    run();
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
};
