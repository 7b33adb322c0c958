import {
  type CallOptions,
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  open,
  type RuntimeEvent,
  secret,
} from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { type RestAnswer, type RestOptions, type RestRequest, rest } from '@mortise/runtime/rest';
import { z } from 'zod';
import { jumpingClock, requestTimeoutMs } from './jumping-clock.ts';

/** The credential of the connections here. */
export const token = 'canary-token-7c1e';

/** How these tests open their vendor. */
export interface CallVendorOptions extends ConnectionOptions {
  readonly rest?: Partial<RestOptions>;
}

/** A vendor whose one operation sends any REST request. Waits take no time unless a clock is given. */
export const openCalls = (origin: string, { rest: restOptions, limits, ...connection }: CallVendorOptions = {}) => {
  const events: RuntimeEvent[] = [];
  const clock = jumpingClock();
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl: origin, ...restOptions }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const requests = new Map<string, RestRequest>();
  const answers = new Map<string, RestAnswer>();
  const things = vendor.resource({
    record: z.looseObject({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      answers.set(id, await call.transports.rest.send(requests.get(id) ?? { method: 'GET', path: 'things' }));
      return { id };
    },
  });
  const live = open(vendor.connector({ resources: { things } }), {
    credentials: { token },
    ...{ clock, random: () => 0.5, events: (event: RuntimeEvent) => void events.push(event) },
    limits: { ...(connection.clock === undefined && { requestTimeoutMs }), ...limits },
    ...connection,
  });
  let count = 0;
  const send = async (request: RestRequest, options?: CallOptions): Promise<RestAnswer> => {
    const id = String(count++);
    requests.set(id, request);
    await live.things.get(id, options);
    const answer = answers.get(id);
    if (answer === undefined) throw new Error('the call ended without an answer');
    return answer;
  };
  const get = (path = 'things', options?: CallOptions) => send({ method: 'GET', path }, options);
  return { send, get, events, clock };
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
