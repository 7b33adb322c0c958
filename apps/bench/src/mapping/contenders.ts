import { recordParser } from '@mortise/runtime';
import { z } from 'zod';
import { checkedByHand, decodedByHand, encodedByHand } from './by-hand.ts';
import { Contact, contactMapping, pageText, WireContact } from './records.ts';

/** Handles one page; what it gives is used, so that no step can be left out. */
export type PageWork = () => number;

const text = pageText();

const rowsOf = (page: string): unknown[] => {
  const body: unknown = JSON.parse(page);
  if (typeof body !== 'object' || body === null || !('results' in body) || !Array.isArray(body.results)) {
    throw new TypeError('the page has no results');
  }
  return body.results;
};

const must = <Value>(result: { ok: true; value: Value } | { ok: false }): Value => {
  if (result.ok) return result.value;
  throw new TypeError('a record of the bench was refused');
};

/** The page read: parse, validate, map, stringify. */
const reads = {
  'read by hand': () => () => JSON.stringify(rowsOf(text).map((row) => decodedByHand(checkedByHand(row)))).length,
  'read by mortise': () => {
    const parse = recordParser(WireContact);
    return () => JSON.stringify(rowsOf(text).map((row) => must(contactMapping.tryDecode(must(parse(row)))))).length;
  },
  'read by zod codec': () => {
    const codec = z.compile(
      z.codec(WireContact, Contact, {
        decode: (wire) => decodedByHand(wire),
        // Only the way in is measured.
        encode: () => {
          throw new TypeError('not measured');
        },
      }),
    );
    return () => JSON.stringify(rowsOf(text).map((row) => codec.parse(row))).length;
  },
} satisfies Readonly<Record<string, () => PageWork>>;

const models = rowsOf(text).map((row) => decodedByHand(checkedByHand(row)));

/** The page written: map, stringify. */
const writes = {
  'write by hand': () => () => JSON.stringify({ inputs: models.map(encodedByHand) }).length,
  'write by mortise': () => () =>
    JSON.stringify({ inputs: models.map((model) => must(contactMapping.tryEncode(model))) }).length,
} satisfies Readonly<Record<string, () => PageWork>>;

/** Every contender by name. */
export const contenders: Readonly<Record<string, () => PageWork>> = { ...reads, ...writes };
