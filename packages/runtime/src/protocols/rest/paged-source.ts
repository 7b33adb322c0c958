import { readField } from '../../contract/field.ts';
import type { Call, ListedPage, ListRequest } from '../../contract/operations.ts';
import { connectorError } from '../../errors/connector-error.ts';
import type { RowRules } from '../../paging/rows.ts';
import { vendorTime, widenedWindow } from '../../paging/window.ts';
import type { QueryValue, RestRequest } from './request.ts';
import type { RestAnswer, RestTransport } from './transport.ts';

/** A call whose transport of the given name speaks REST. */
export interface RestCall<Name extends string = 'rest', Settings = unknown>
  extends Omit<Call<unknown, Settings>, 'transports'> {
  readonly transports: { readonly [Each in Name]: RestTransport };
}

/** What every list over REST says, however its pages lead on. */
export interface PagedSource extends RowRules {
  readonly path: string;
  /** Dotted path of the records in the body; without it the body itself is the list. */
  readonly items?: string;
  /** Dotted path of how many records the vendor says there are. For progress only. */
  readonly total?: string;
  /** The other query parameters. The window in it is already widened by `granularityMs`. */
  readonly query?: (request: ListRequest) => Readonly<Record<string, QueryValue>>;
  /** Finest step of the vendor's filter by time, milliseconds: a minute or a day. The window is widened by one step. */
  readonly granularityMs?: number;
  /** Name of the quota that the list draws on; `default` unless given. */
  readonly quota?: string;
}

/** A list of which several pages can be asked for at once. */
export interface SideBySide {
  /**
   * How many pages are asked for at once, 1 unless given. They come in their order and are held to it as if they had
   * been asked for one by one; the quota holds for each of them.
   */
  readonly sideBySide?: number;
}

/** A page as it came: its answer, its records, and the total that the vendor claims. */
export interface FetchedPage {
  readonly answer: RestAnswer;
  readonly records: readonly unknown[];
  readonly total: number | undefined;
}

/** What of a list's body is read. */
export type PageShape = Pick<PagedSource, 'items' | 'total'>;

/** The list of an answer. @throws ConnectorError `unexpected-content` where there is none. */
export const pageOf = (answer: RestAnswer, { items, total }: PageShape): FetchedPage => {
  const records = items === undefined ? answer.body : readField(answer.body, items);
  if (!Array.isArray(records)) {
    const place = items === undefined ? 'is no list' : `has no list at '${items}'`;
    throw connectorError('unexpected-content', `the answer ${place}`);
  }
  const claimed = total === undefined ? undefined : readField(answer.body, total);
  return { answer, records, total: typeof claimed === 'number' ? claimed : undefined };
};

/** What one walk over a list shares. */
export interface ListReader {
  /** Fetches a page. `path` is the source's own unless given, as an absolute link is; such a link has its own query. */
  readonly fetch: (query: RestRequest['query'], from?: ReadFrom) => Promise<FetchedPage>;
  /** End of the window, Unix milliseconds: as asked for, or the vendor's time at the first answer. */
  readonly endMs: () => number;
}

/** Where else a page is read than at the list's own path and window. */
export interface ReadFrom {
  /** An absolute link, which has a query of its own. */
  readonly link?: string;
  /** Begin of the window, instead of the request's. */
  readonly since?: Date;
}

/** The Date header counts whole seconds. */
const headerStepMs = 999;

/** Makes the reader of one walk. */
export const listReader = (
  transport: RestTransport,
  { source, request }: { readonly source: PagedSource; readonly request: ListRequest },
): ListReader => {
  const quota = source.quota === undefined ? undefined : { quota: source.quota };
  const windowed = (since: Date | undefined) => widenedWindow({ ...request, since }, source.granularityMs);
  let begunAt: number | undefined;
  return {
    fetch: async (query, { link, since = request.since } = {}) => {
      const own = link === undefined ? { ...source.query?.(windowed(since)), ...query } : undefined;
      const target = { path: link ?? source.path, ...(own && { query: own }) };
      const answer = await transport.send({ method: 'GET', ...target, ...quota });
      begunAt ??= (vendorTime(answer.headers) ?? transport.clock.now()) + headerStepMs;
      return pageOf(answer, source);
    },
    endMs: () => windowed(request.since).until?.getTime() ?? begunAt ?? Number.POSITIVE_INFINITY,
  };
};

/** Whether a value says that there is more: vendors leave it out, or give null, false, 0 or an empty text, where not. */
export const saysMore = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== '' && value !== 0;

/** A list operation, as a resource takes it. */
export type RestList<Name extends string> = (call: RestCall<Name>, request: ListRequest) => AsyncGenerator<ListedPage>;

/** How a request says how many records it wants. */
export interface PageSize {
  /** Query parameter that takes the size. */
  readonly parameter: string;
  /** Records a page: the most that the vendor gives. A caller may ask for fewer. */
  readonly records: number;
}

/** The size to ask for: the caller's, within the vendor's bounds. */
export const sizeFor = ({ pageSize }: ListRequest, { records }: PageSize): number =>
  Math.min(Math.max(1, pageSize ?? records), records);
