import { connectorError, isConnectorError, readField } from '@mortise/runtime';
import { z } from 'zod';
import { type Call, get, ThingWire } from '../reference/connector.ts';
import { type Pages, variation, withList } from './variation.ts';

/** A list that ends where its reading failed in one way. */
const endingWhere = (isEnd: (code: string, message: string) => boolean) =>
  withList(async function* (pages): Pages {
    try {
      yield* pages;
    } catch (thrown) {
      if (!isConnectorError(thrown) || !isEnd(thrown.code, thrown.message)) throw thrown;
    }
  });

async function* mapped(pages: Pages, change: (record: unknown) => unknown): Pages {
  for await (const page of pages) yield { ...page, records: page.records.map(change) };
}

const fields = (record: unknown): object => (typeof record === 'object' && record !== null ? record : {});

/** Broken in what they take an answer for. */
export const brokenAnswers = {
  'cut-answer-refused': () => endingWhere((code) => code === 'truncated'),
  'html-refused': () => endingWhere((code, message) => code === 'unexpected-content' && /html/i.test(message)),
  'empty-body-refused': () => endingWhere((code) => code === 'empty-answer'),
  'answer-without-list-refused': () =>
    endingWhere((code, message) => code === 'unexpected-content' && /things/.test(message)),
  'failure-is-not-the-end': () => endingWhere((code) => code === 'unavailable'),
  'bad-record-alone': () =>
    withList((pages) =>
      mapped(pages, (record) => {
        if (ThingWire.safeParse(record).success) return record;
        throw connectorError('invalid-record', 'a thing of the page is not of its form');
      }),
    ),
  'unknown-fields-taken': () => variation({ description: { record: z.strictObject(ThingWire.shape) } }),
  'long-ids-kept': () =>
    withList((pages) =>
      mapped(pages, (record) => ({ ...fields(record), id: String(Number(readField(record, 'id'))) })),
    ),
  'get-same-as-list': () => withList((pages) => mapped(pages, (record) => ({ ...fields(record), price: undefined }))),
  'get-of-nothing-is-not-found': () =>
    variation({
      operations: {
        get: async (call: Call, id: string) => {
          try {
            return await get(call, id);
          } catch (thrown) {
            if (!isConnectorError(thrown) || thrown.code !== 'not-found') throw thrown;
            return { id, sku: '', name: '', createdAt: '', changedAt: '' };
          }
        },
      },
    }),
};
