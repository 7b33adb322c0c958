import { connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { attribute, element, inNamespace, soapOperation, unparsed } from '@mortise/runtime/soap';
import { z } from 'zod';
import type { StockApi } from '../record-api.ts';
import type { RecordKind } from '../record-kind.ts';
import { partsOfId } from '../stock-level-wire.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits, namespaces } from '../vendor-facts.ts';
import { text } from '../wire-text.ts';
import { soapRecords } from './records.ts';
import { Status, statusMeaning } from './status.ts';

const { messages, core } = namespaces;

const Reference = z.object({ internalId: attribute(z.string().optional()), name: text });

const Availability = z.object({
  item: Reference,
  lastQtyAvailableChange: text,
  locationId: Reference.nullish(),
  quantityOnHand: text,
  quantityOnOrder: text,
  quantityCommitted: text,
  quantityBackOrdered: text,
  quantityAvailable: text,
});

const getItemAvailability = soapOperation({
  ...{ name: 'getItemAvailability', namespace: messages, action: 'getItemAvailability', effect: 'read' },
  request: z.object({
    itemAvailabilityFilter: inNamespace(
      core,
      z.object({
        item: z.object({
          recordRef: z.array(z.object({ internalId: attribute(z.string()), type: attribute(z.string()) })),
        }),
      }),
    ),
  }),
  answer: z.object({
    getItemAvailabilityResult: element(
      inNamespace(
        core,
        z.object({
          status: Status,
          itemAvailabilityList: z.object({ itemAvailability: z.array(unparsed(Availability)) }).nullish(),
        }),
      ),
      { namespace: core },
    ),
  }),
  classify: ({ getItemAvailabilityResult }) => statusMeaning(getItemAvailabilityResult.status),
});

interface Item {
  readonly id: string;
  readonly sku: string | undefined;
}

const itemOf = (record: unknown): Item[] => {
  const [id, sku] = [readField(record, 'internalId'), readField(record, 'itemId')];
  return typeof id === 'string' ? [{ id, sku: typeof sku === 'string' ? sku : undefined }] : [];
};

/** A row as a stock level; none for a row without a location. One whose ids cannot be read is refused by its schema. */
const levelOf = (row: unknown, skus: ReadonlyMap<string, string | undefined>): readonly object[] => {
  if (typeof row !== 'object' || row === null) return [{}];
  if ((readField(row, 'locationId') ?? null) === null) return [];
  const [item, location] = [readField(row, 'item.internalId'), readField(row, 'locationId.internalId')];
  if (typeof item !== 'string' || typeof location !== 'string') return [row];
  return [{ ...row, id: `${item}/${location}`, item: { internalId: item, name: skus.get(item) } }];
};

/** Stock of some items at all locations. Rows without a location belong to accounts without any, and are left out. */
const levelsOf = async (
  call: NetSuiteCall,
  { kind, items }: { readonly kind: RecordKind; readonly items: readonly Item[] },
) => {
  if (items.length === 0) return [];
  const recordRef = items.map(({ id }) => ({ internalId: id, type: kind.soap.reference }));
  const { body } = await call.transports.soap.send({
    operation: getItemAvailability,
    body: { itemAvailabilityFilter: { item: { recordRef } } },
  });
  const skus = new Map(items.map(({ id, sku }) => [id, sku]));
  const rows = body.getItemAvailabilityResult.itemAvailabilityList?.itemAvailability ?? [];
  return rows.flatMap((row) => levelOf(row, skus));
};

/** Stock over SOAP, item by item. `kind` is that of the records whose stock it is. */
export const soapStock = (kind: RecordKind): StockApi => {
  const records = soapRecords(kind);
  return {
    async *list(
      call: NetSuiteCall,
      { cursor, pageSize = limits.availabilityItems }: ListRequest,
    ): AsyncGenerator<ListedPage> {
      const request = { cursor, pageSize: Math.min(pageSize, limits.availabilityItems) };
      for await (const page of records.list(call, request)) {
        yield { records: await levelsOf(call, { kind, items: page.records.flatMap(itemOf) }), next: page.next };
      }
    },
    get: async (call, id) => {
      const { item } = partsOfId(id);
      const levels = await levelsOf(call, { kind, items: itemOf(await records.get(call, item)) });
      const level = levels.find((candidate) => readField(candidate, 'id') === id);
      if (level === undefined) throw connectorError('not-found', 'NetSuite has no such stock level');
      return level;
    },
  };
};
