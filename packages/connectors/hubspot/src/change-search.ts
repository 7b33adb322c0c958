import { connectorError, type ListedPage, type ListRequest } from '@mortise/runtime';
import { type Found, type SearchPosition, searchWindows } from '@mortise/runtime/rest';
import { ObjectPage, parseAnswer, type Row } from './answers.ts';
import { completeLinks } from './links.ts';
import { type ObjectKind, objectPath, propertiesAsked } from './object-kind.ts';
import { type HubSpotCall, searchQuota } from './vendor.ts';
import { defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** A list of changes: what is searched, and how many at a time. */
interface Search {
  readonly kind: ObjectKind;
  readonly until: Date | undefined;
  readonly limit: number;
  /** Filters besides those of the window. */
  readonly filters: readonly Filter[];
}

/** A filter of a search. */
export interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
}

type PositionedSearch = Search & { readonly position: SearchPosition };

/**
 * Pages of what changed since an instant, oldest change first. HubSpot's search ends at 10,000 results and promises no
 * order among equal stamps: so each page is a search of its own, and a stamp that fills a page is read by id.
 */
export async function* searchChanges(
  call: HubSpotCall,
  kind: ObjectKind,
  request: ListRequest & { readonly since: Date; readonly filters?: readonly Filter[] },
): AsyncGenerator<ListedPage> {
  const { until, pageSize = vendorFacts.limits.searchPage, filters = [] } = request;
  const limit = Math.min(Math.max(1, pageSize), vendorFacts.limits.searchPage);
  const windows = {
    key: 'id',
    stamp: (row: Row) => stampOf(row, kind),
    search: (position: SearchPosition) => send(call, { kind, until, limit, filters, position }),
  };
  for await (const page of searchWindows(windows, { ...request, since: begin(call, request.since) })) {
    if (page.records.length === 0 && page.next !== undefined) continue;
    yield { ...page, records: await completeLinks(call, kind, { rows: page.records }) };
  }
}

/** An index that lags longer than engines count on is met by an earlier begin. */
const begin = ({ settings }: HubSpotCall, since: Date): Date => {
  const more = Math.max(0, settings.searchLagMs - defaultSearchLagMs);
  return new Date(Math.max(0, since.getTime() - more));
};

const stampOf = ({ properties, updatedAt }: Row, { stamp }: ObjectKind): string => {
  const text = properties[stamp] ?? updatedAt;
  if (typeof text !== 'string') throw connectorError('unexpected-content', `a search of HubSpot gave no '${stamp}'`);
  return text;
};

const send = async (call: HubSpotCall, search: PositionedSearch): Promise<Found<Row>> => {
  const { kind, limit, position } = search;
  const body = {
    filterGroups: [{ filters: [...filtersOf(search), ...search.filters] }],
    sorts: [{ propertyName: position.by === 'ties' ? 'hs_object_id' : kind.stamp, direction: 'ASCENDING' }],
    properties: [...new Set([...propertiesAsked(call, kind), kind.stamp])],
    limit,
  };
  const path = objectPath(kind, '/search');
  const answer = await call.transports.rest.send({ method: 'POST', path, body, effect: 'read', quota: searchQuota });
  const { results, paging, total } = parseAnswer(ObjectPage, answer.body);
  return { records: results, more: paging?.next !== undefined, total };
};

const filtersOf = ({ kind, until, position }: PositionedSearch): Filter[] => {
  const onStamp = (operator: string, value: number) => ({ propertyName: kind.stamp, operator, value: String(value) });
  const { stamp } = position;
  if (position.by === 'ties') {
    const behind = { propertyName: 'hs_object_id', operator: 'GT', value: position.key ?? '0' };
    // Not EQ, which HubSpot documents for dates no more precisely than as "equal".
    return [onStamp('GTE', stamp), onStamp('LTE', stamp), behind];
  }
  const begin = onStamp(position.by === 'gt' ? 'GT' : 'GTE', stamp);
  return until === undefined ? [begin] : [begin, onStamp('LTE', until.getTime())];
};
