import {
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  type ListRequest,
  open,
  type Page,
  type PageNote,
  secret,
} from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { type RestList, type RestOptions, rest } from '@mortise/runtime/rest';
import { z } from 'zod';

const limits = { backoffBaseMs: 1, backoffCapMs: 2, attempts: 2 };

/** A row of the lists here: whatever else it holds, it has an id. */
export const Row = z.looseObject({ id: z.union([z.string(), z.number()]) });

/** Opens a vendor whose one resource has the given list. */
export const openList = (
  origin: string,
  list: RestList<'rest'>,
  { rest: options, ...connection }: { rest?: Partial<RestOptions> } & ConnectionOptions = {},
) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl: origin, ...options }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const rows = vendor.resource({ record: Row, key: 'id', changes: 'none', list });
  const connector = vendor.connector({ resources: { rows } });
  return open(connector, { credentials: { token: 'a-token' }, limits, events: () => {}, ...connection }).rows;
};

/** A host of the vendor's for files. The name is nobody's. */
export const filesHost = 'files.acme.invalid';

/** A fetch that reaches the host for files at a server of the test: a listed host is asked over https alone. */
export const reaching =
  (origin: string): typeof globalThis.fetch =>
  (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(url.host === filesHost ? new URL(`${url.pathname}${url.search}`, origin) : url, init);
  };

/** What a walk over a list came to. */
export interface Walk {
  readonly pages: readonly Page<z.output<typeof Row>>[];
  readonly ids: readonly (string | number)[];
  readonly notes: readonly PageNote[];
  /** Cursor of the last page that has one. */
  readonly cursor: string | undefined;
  /** What ended the walk before its end. */
  readonly error: ConnectorError | undefined;
}

/** Walks a list to its end or to its error. `until` stops it after so many pages. */
export const walk = async (
  list: (request?: ListRequest) => AsyncIterable<Page<z.output<typeof Row>>>,
  request: ListRequest = {},
  mostPages = Number.POSITIVE_INFINITY,
): Promise<Walk> => {
  const pages: Page<z.output<typeof Row>>[] = [];
  const done = (error?: ConnectorError): Walk => ({
    pages,
    ids: pages.flatMap(({ records }) => records.map(({ id }) => id)),
    notes: pages.flatMap(({ notes = [] }) => notes),
    cursor: pages.findLast(({ next }) => next !== undefined)?.next,
    error,
  });
  try {
    for await (const page of list(request)) {
      pages.push(page);
      if (pages.length >= mostPages) break;
    }
    return done();
  } catch (thrown) {
    if (isConnectorError(thrown)) return done(thrown);
    throw thrown;
  }
};

/** Numbers from 1 to the given one. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
