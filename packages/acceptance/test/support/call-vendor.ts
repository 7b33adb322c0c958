import {
  type CallOptions,
  type ConnectionOptions,
  defineVendor,
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
