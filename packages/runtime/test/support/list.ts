import { z } from 'zod';
import { bearer } from '../../src/auth/index.ts';
import {
  type CallOptions,
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  type ListRequest,
  open,
  type Page,
  type PageNote,
  sealSecret,
} from '../../src/index.ts';
import { type RestList, type RestOptions, rest } from '../../src/protocols/rest/index.ts';
import { testClock } from './clock.ts';

/** What a walk over a list came to. */
export interface Walk {
  readonly pages: readonly Page<unknown>[];
  readonly ids: readonly unknown[];
  readonly notes: readonly PageNote[];
  readonly error: ConnectorError | undefined;
}

type ListOptions = { readonly rest?: Partial<RestOptions> } & ConnectionOptions;

/** A vendor with one list, opened. Waits take no time. */
export const openRows = (
  baseUrl: string,
  list: RestList<'rest'>,
  { rest: options, ...connection }: ListOptions = {},
) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl, ...options }) }),
    auth: () => bearer(sealSecret('token')),
  });
  const rows = vendor.resource({ record: z.looseObject({ id: z.unknown() }), key: 'id', changes: 'none', list });
  const clock = testClock();
  const given = { clock, random: () => 0.5, events: () => {}, ...connection };
  return open(vendor.connector({ resources: { rows } }), given).rows;
};

/** A vendor with one list, opened; the answer walks it. */
export const openList = (baseUrl: string, list: RestList<'rest'>, options: ListOptions = {}) => {
  const live = openRows(baseUrl, list, options);
  return async (request: ListRequest & CallOptions = {}, mostPages = Number.POSITIVE_INFINITY): Promise<Walk> => {
    const pages: Page<{ id: unknown }>[] = [];
    let error: ConnectorError | undefined;
    try {
      for await (const page of live.list(request)) {
        pages.push(page);
        if (pages.length >= mostPages) break;
      }
    } catch (thrown) {
      if (!isConnectorError(thrown)) throw thrown;
      error = thrown;
    }
    const ids = pages.flatMap(({ records }) => records.map(({ id }) => id));
    return { pages, ids, notes: pages.flatMap(({ notes = [] }) => notes), error };
  };
};
