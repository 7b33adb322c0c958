import {
  connectorError,
  type DeletionPage,
  type FindRequest,
  type ListedPage,
  type ListRequest,
} from '@mortise/runtime';
import { ArchivedPage, ObjectBatch, ObjectPage, parseAnswer, Row } from './answers.ts';
import { batchErrorFacts } from './batch-error.ts';
import { searchChanges } from './change-search.ts';
import { completeLinks, foldLinks } from './links.ts';
import { kindOf, type ObjectKind, objectPath, propertiesAsked, readQuery } from './object-kind.ts';
import type { HubSpotCall } from './vendor.ts';
import { defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** The scopes that the read operations of an object type need. */
export const readPermissions = ({ type }: ObjectKind) => {
  const { read } = vendorFacts.scopes[type];
  return { list: read, get: read, find: read, deletions: read };
};

/** What is changed is found by search, whose index lags. */
export const searchedChanges = { field: 'updatedAt', granularityMs: 1, lagMs: defaultSearchLagMs } as const;

/** The read operations of an object type. */
export const readsOf = (kind: ObjectKind) => ({
  /** With `since` by search, which lags; without it by the list of all, which does not. */
  list: (call: HubSpotCall, request: ListRequest): AsyncIterable<ListedPage> => {
    const { since } = request;
    return since === undefined ? listAll(call, kind, request) : searchChanges(call, kind, { ...request, since });
  },

  get: async (call: HubSpotCall, id: string): Promise<unknown> => {
    const path = objectPath(kind, '/{id}');
    const answer = await call.transports.rest.send({
      method: 'GET',
      path,
      parameters: { id },
      query: readQuery(call, kind),
    });
    const [row] = await foldLinks(call, kind, { rows: [parseAnswer(Row, answer.body)] });
    return row;
  },

  /** By a property with unique values. By batch, so that the value, often an address, stands in no URL. */
  find: async (call: HubSpotCall, { field, value }: FindRequest): Promise<unknown> => {
    const idProperty = uniqueProperty(field);
    const body = {
      ...(idProperty && { idProperty }),
      inputs: [{ id: value }],
      properties: propertiesAsked(call, kind),
    };
    const path = objectPath(kind, '/batch/read');
    const answer = await call.transports.rest.send({ method: 'POST', path, body, effect: 'read' });
    const { results, errors = [] } = parseAnswer(ObjectBatch, answer.body);
    const failed = errors.find(({ category }) => category !== 'OBJECT_NOT_FOUND');
    if (results.length === 0 && failed !== undefined) {
      const { code, ...facts } = batchErrorFacts(failed);
      throw connectorError(code, 'HubSpot could not look the record up', facts);
    }
    const [found] = await completeLinks(call, kind, { rows: results });
    return found;
  },

  deletions: (call: HubSpotCall, request: ListRequest): AsyncIterable<DeletionPage> => listGone(call, kind, request),
});

const uniqueProperty = (field: string): string | undefined => {
  if (field === 'id') return undefined;
  if (field.startsWith('properties.')) return field.slice('properties.'.length);
  throw connectorError(
    'invalid-request',
    `records are found by 'id' or by a unique 'properties.<name>', not by '${field}'`,
  );
};

const pageLimit = ({ pageSize = vendorFacts.limits.listPage }: ListRequest): number =>
  Math.min(Math.max(1, pageSize), vendorFacts.limits.listPage);

async function* listAll(call: HubSpotCall, kind: ObjectKind, request: ListRequest): AsyncGenerator<ListedPage> {
  const send = pagesOf(call, kind, { ...readQuery(call, kind), limit: pageLimit(request) });
  for await (const { body, next } of send(request.cursor)) {
    const { results } = parseAnswer(ObjectPage, body);
    yield { records: await foldLinks(call, kind, { rows: results }), next };
  }
}

/** What was archived, and what was merged away: HubSpot lists the latter nowhere but in the survivor. */
async function* listGone(call: HubSpotCall, kind: ObjectKind, request: ListRequest): AsyncGenerator<DeletionPage> {
  yield* listArchived(call, kind, request);
  if (kind.merges) yield* listMerged(call, kind, request);
}

const mergedProperty = 'hs_merged_object_ids';

/** Ids that lead to another record since a merge. The survivor's stamp tells when: a later change names them again. */
async function* listMerged(call: HubSpotCall, kind: ObjectKind, request: ListRequest): AsyncGenerator<DeletionPage> {
  const { since = new Date(0), until } = request;
  const survivors = kindOf(kind.type, [mergedProperty]);
  const filters = [{ propertyName: mergedProperty, operator: 'HAS_PROPERTY' }];
  for await (const { records } of searchChanges(call, survivors, { since, until, filters })) {
    const rows = records.map((record) => parseAnswer(Row, record));
    const ids = rows.flatMap(({ id, properties: { [mergedProperty]: merged } }) =>
      typeof merged === 'string' ? merged.split(';').filter((gone) => /^\d+$/.test(gone) && gone !== id) : [],
    );
    if (ids.length > 0) yield { ids };
  }
}

/** HubSpot keeps archived objects for 90 days and filters them by nothing: what is older than `since` is dropped here. */
async function* listArchived(call: HubSpotCall, kind: ObjectKind, request: ListRequest): AsyncGenerator<DeletionPage> {
  const send = pagesOf(call, kind, { archived: true, limit: pageLimit(request) });
  const since = request.since?.getTime() ?? Number.NEGATIVE_INFINITY;
  for await (const { body, next } of send(request.cursor)) {
    const { results } = parseAnswer(ArchivedPage, body);
    const gone = results.filter(({ archivedAt }) => archivedAt === undefined || !(Date.parse(archivedAt) < since));
    yield { ids: gone.map(({ id }) => id), next };
  }
}

const pagesOf = (
  call: HubSpotCall,
  kind: ObjectKind,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
) =>
  async function* (cursor: string | undefined): AsyncGenerator<{ body: unknown; next: string | undefined }> {
    let after = cursor;
    do {
      const { body } = await call.transports.rest.send({
        method: 'GET',
        path: objectPath(kind),
        query: { ...query, after },
      });
      const next = parseAnswer(ArchivedPage, body).paging?.next?.after;
      if (next !== undefined && next === after) {
        throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
      }
      after = next;
      yield { body, next };
    } while (after !== undefined);
  };
