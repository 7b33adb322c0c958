import { connectorError, type ListedPage, type ListRequest } from '@mortise/runtime';
import { ObjectPage, parseAnswer, type Row } from './answers.ts';
import { completeContacts } from './deal-contact.ts';
import { type ObjectKind, objectPath, propertiesAsked } from './object-kind.ts';
import { type SearchPosition, searchCursor, searchPosition } from './search-cursor.ts';
import { type HubSpotCall, searchQuota } from './vendor.ts';
import { defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** A list of changes: what is searched, and how many at a time. */
interface Search {
  readonly kind: ObjectKind;
  readonly until: Date | undefined;
  readonly limit: number;
}

type PositionedSearch = Search & { readonly position: SearchPosition };

/** What a search answered: its rows, and whether there are more. */
interface Found {
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly total: number | undefined;
}

/**
 * Pages of what changed since an instant, oldest change first. Every page is a search of its own that begins at the
 * last stamp of the page before, never an offset: so it meets no 10,000 wall, and a record that changes while we read
 * shifts no other out of sight. HubSpot promises no order among equal stamps, so the last stamp of a page is read
 * anew by the next one, and a stamp that fills a page by itself is read by id.
 */
export async function* searchChanges(
  call: HubSpotCall,
  kind: ObjectKind,
  request: ListRequest & { readonly since: Date },
): AsyncGenerator<ListedPage> {
  const limit = Math.min(Math.max(1, request.pageSize ?? vendorFacts.limits.searchPage), vendorFacts.limits.searchPage);
  const search: Search = { kind, until: request.until, limit };
  let position: SearchPosition | undefined =
    request.cursor === undefined ? start(call, request.since) : searchPosition(request.cursor);
  while (position !== undefined) {
    const found = await send(call, { ...search, position });
    const { rows, next }: Step =
      position.by === 'ties' ? tiesRead(found, position) : windowRead(found, { kind, position });
    position = next;
    if (rows.length === 0 && next !== undefined) continue;
    const records = await completeContacts(call, { kind, rows });
    yield { records, next: next && searchCursor(next), total: found.total };
  }
}

/** An index that lags longer than engines count on is met by an earlier begin. */
const start = ({ settings }: HubSpotCall, since: Date): SearchPosition => {
  const more = Math.max(0, settings.searchLagMs - defaultSearchLagMs);
  return { by: 'gte', stamp: Math.max(0, since.getTime() - more) };
};

interface Step {
  readonly rows: readonly Row[];
  readonly next: SearchPosition | undefined;
}

/** A page by stamp. The rows of its last stamp may have more beside them, so they are left to the next page. */
const windowRead = (
  { rows, more }: Found,
  { kind, position }: { kind: ObjectKind; position: SearchPosition },
): Step => {
  const first = rows[0];
  const last = rows.at(-1);
  if (!more || first === undefined || last === undefined) return { rows, next: undefined };
  const stamp = stampOf(last, kind);
  const isBehind = stamp > position.stamp || (position.by === 'gte' && stampOf(first, kind) === position.stamp);
  if (!isBehind) throw circling();
  if (stampOf(first, kind) === stamp) return { rows: [], next: { by: 'ties', stamp, id: '0' } };
  return { rows: rows.filter((row) => stampOf(row, kind) !== stamp), next: { by: 'gte', stamp } };
};

/** A page of equal stamps by id; behind the last one the search by stamp goes on. */
const tiesRead = ({ rows, more }: Found, { stamp, id }: SearchPosition & { by: 'ties' }): Step => {
  const last = rows.at(-1);
  if (!more || last === undefined) return { rows, next: { by: 'gt', stamp } };
  if (!/^\d{1,20}$/.test(last.id) || BigInt(last.id) <= BigInt(id)) throw circling();
  return { rows, next: { by: 'ties', stamp, id: last.id } };
};

const circling = () =>
  connectorError('unexpected-content', 'a search of HubSpot did not keep to its filter or its order');

const stampOf = ({ properties, updatedAt }: Row, { stamp }: ObjectKind): number => {
  const text = properties[stamp] ?? updatedAt;
  const milliseconds = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw connectorError('unexpected-content', `a search of HubSpot gave no '${stamp}'`);
  return milliseconds;
};

const send = async (call: HubSpotCall, search: PositionedSearch): Promise<Found> => {
  const { kind, limit, position } = search;
  const body = {
    filterGroups: [{ filters: filtersOf(search) }],
    sorts: [{ propertyName: position.by === 'ties' ? 'hs_object_id' : kind.stamp, direction: 'ASCENDING' }],
    properties: [...new Set([...propertiesAsked(call, kind), kind.stamp])],
    limit,
  };
  const path = objectPath(kind, '/search');
  const answer = await call.transports.rest.send({ method: 'POST', path, body, effect: 'read', quota: searchQuota });
  const { results, paging, total } = parseAnswer(ObjectPage, answer.body);
  return { rows: results, more: paging?.next !== undefined, total };
};

const filtersOf = ({ kind, until, position }: PositionedSearch) => {
  const onStamp = (operator: string, value: number) => ({ propertyName: kind.stamp, operator, value: String(value) });
  const { stamp } = position;
  if (position.by === 'ties') {
    const behind = { propertyName: 'hs_object_id', operator: 'GT', value: position.id };
    // Not EQ, which HubSpot documents for dates no more precisely than as "equal".
    return [onStamp('GTE', stamp), onStamp('LTE', stamp), behind];
  }
  const begin = onStamp(position.by === 'gt' ? 'GT' : 'GTE', stamp);
  return until === undefined ? [begin] : [begin, onStamp('LTE', until.getTime())];
};
