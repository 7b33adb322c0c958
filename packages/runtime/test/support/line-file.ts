import { z } from 'zod';
import { bearer } from '../../src/auth/index.ts';
import {
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  type ListedPage,
  type ListRequest,
  open,
  type RuntimeEvent,
  secret,
} from '../../src/index.ts';
import { type LinesOptions, type RestCall, type RestOptions, rest } from '../../src/protocols/rest/index.ts';
import { testClock } from './clock.ts';
import { canary } from './connection.ts';

/** What a backfill gave before it ended, and what ended it. */
export interface ReadBackfill {
  readonly pages: readonly { readonly ids: readonly unknown[]; readonly next: string | undefined }[];
  readonly ids: readonly unknown[];
  readonly error: ConnectorError | undefined;
}

export interface BackfillOptions extends ConnectionOptions {
  readonly rest?: Partial<RestOptions>;
}

/** A vendor whose one resource has this backfill, opened. Waits take no time. */
export const openBackfill = (
  origin: string,
  backfill: (call: RestCall, request: ListRequest) => AsyncGenerator<ListedPage>,
  { rest: restOptions, ...options }: BackfillOptions = {},
) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl: origin, ...restOptions }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const rows = vendor.resource({
    record: z.looseObject({ id: z.unknown() }),
    key: 'id',
    changes: 'none',
    backfill,
  });
  const events: RuntimeEvent[] = [];
  const given = { clock: testClock(), random: () => 0.5, events: (event: RuntimeEvent) => void events.push(event) };
  const live = open(vendor.connector({ resources: { rows } }), {
    credentials: { token: canary },
    ...given,
    ...options,
  });
  const read = async ({
    cursor,
    signal,
    mostPages = Number.POSITIVE_INFINITY,
  }: {
    cursor?: string;
    signal?: AbortSignal;
    mostPages?: number;
  } = {}): Promise<ReadBackfill> => {
    const pages: { ids: readonly unknown[]; next: string | undefined }[] = [];
    const done = (error?: ConnectorError) => ({ pages, ids: pages.flatMap(({ ids }) => ids), error });
    try {
      for await (const { records, next } of live.rows.backfill({ cursor, signal })) {
        pages.push({ ids: records.map(({ id }) => id), next });
        if (pages.length >= mostPages) break;
      }
      return done();
    } catch (thrown) {
      if (isConnectorError(thrown)) return done(thrown);
      throw thrown;
    }
  };
  return { read, events, live: live.rows };
};

/** A vendor with one file that is there at once, read with these options in pages of two lines. */
export const openFile = (
  origin: string,
  options: LinesOptions = {},
  given: BackfillOptions & { path?: string } = {},
) => {
  const { path = 'file', ...connection } = given;
  const backfill = async function* (call: RestCall, { cursor }: { cursor?: string | undefined }) {
    const from = cursor === undefined ? undefined : JSON.parse(cursor);
    for await (const { lines, next } of call.transports.rest.lines(
      { method: 'GET', path },
      { pageLines: 2, ...options, from },
    )) {
      yield { records: lines, next: next && JSON.stringify(next) };
    }
  };
  return openBackfill(origin, backfill, connection);
};
