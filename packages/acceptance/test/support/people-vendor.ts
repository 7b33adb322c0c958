import type { TransportDefinition } from '@mortise/runtime';
import {
  type BatchWrite,
  type Call,
  type ConnectionOptions,
  defineVendor,
  open,
  type RuntimeEvent,
  secret,
} from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { type RestOptions, type RestTransport, rest } from '@mortise/runtime/rest';
import { z } from 'zod';
import { jumpingClock, requestTimeoutMs } from './jumping-clock.ts';

/** A person as the vendor of these tests has it. */
export const Person = z.looseObject({ id: z.string(), externalId: z.string(), name: z.string() });
/** A person to write. */
export type WrittenPerson = Readonly<Record<string, unknown>>;

type Transports = { readonly rest: TransportDefinition<RestTransport> };
type PeopleCall = Call<Transports, unknown>;

/** How these tests open their vendor. */
export interface PeopleOptions extends ConnectionOptions {
  readonly rest?: Partial<RestOptions>;
  readonly create?: BatchWrite<Transports, unknown, z.output<typeof Person>>;
  /** How long the vendor's index lags, milliseconds. */
  readonly lagMs?: number;
}

/** Posts records as one batch: `{ inputs }` to `/people`, which answers `{ results }` in their order. */
export const batchCreate: NonNullable<PeopleOptions['create']> = {
  ...rest.batch({
    path: 'people',
    max: 8,
    effect: 'unsafe',
    key: 'externalId',
    request: (records) => ({ body: { inputs: records } }),
    outcomes: { items: ['results'], match: 'order' },
  }),
};

const findPerson = async (call: PeopleCall, { field, value }: { field: string; value: string }) => {
  const { body } = await call.transports.rest.send({ method: 'GET', path: 'people', query: { [field]: value } });
  const [found] = z.looseObject({ results: z.array(z.unknown()) }).parse(body).results;
  return found;
};

const getPerson = async (call: PeopleCall, id: string) => {
  const { body } = await call.transports.rest.send({ method: 'GET', path: 'people/{id}', parameters: { id } });
  return body;
};

/** Opens the vendor on a clock whose waits take no time. */
export const openPeople = (
  origin: string,
  { rest: restOptions, create = batchCreate, lagMs = 5_000, limits, ...connection }: PeopleOptions = {},
) => {
  const events: RuntimeEvent[] = [];
  const clock = jumpingClock();
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl: origin, ...restOptions }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const shared = { record: Person, key: 'id', changes: { field: 'name', granularityMs: 1, lagMs } } as const;
  const people = vendor.resource({ ...shared, get: getPerson, find: findPerson, create });
  /** The same resource without a way to look records up. */
  const blind = vendor.resource({ ...shared, create });
  const live = open(vendor.connector({ resources: { people, blind } }), {
    credentials: { token: 'a-token' },
    ...{ clock, random: () => 0.5, events: (event: RuntimeEvent) => void events.push(event) },
    limits: { requestTimeoutMs, ...limits },
    ...connection,
  });
  return { ...live, events, clock };
};

/** People to write, by their external ids. */
export const people = (...ids: readonly string[]) =>
  ids.map((externalId) => ({ id: '', externalId, name: `name of ${externalId}` }));
