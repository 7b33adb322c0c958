import {
  type ConnectorError,
  type ConnectorErrorCode,
  connectorError,
  type RecordIssue,
  readField,
} from '@mortise/runtime';
import { z } from 'zod';

const UserErrors = z.array(
  z.object({ field: z.array(z.string()).nullish(), code: z.string().nullish(), message: z.string().nullish() }),
);

const codes: Readonly<Record<string, ConnectorErrorCode>> = {
  TAKEN: 'conflict',
  HANDLE_NOT_UNIQUE: 'conflict',
  CHANGE_FROM_QUANTITY_STALE: 'conflict',
  COMPARE_QUANTITY_STALE: 'conflict',
  NOT_FOUND: 'not-found',
  PRODUCT_DOES_NOT_EXIST: 'not-found',
  INVALID_INVENTORY_ITEM: 'not-found',
  INVALID_LOCATION: 'not-found',
  // Nothing is wrong with the records: sent again under another key they pass.
  IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED: 'unavailable',
};

const plainName = /^[\w.:-]{1,80}$/;

/** The code and the fields of an error: names only, because Shopify's messages quote the values that they refuse. */
const issueOf = ({ field, code }: ReadErrors[number]): RecordIssue => {
  const steps = (field ?? []).filter((step) => plainName.test(step));
  const reason = code && plainName.test(code) ? code : 'is refused';
  return { path: steps.join('.') || 'its top', reason };
};

type ReadErrors = z.output<typeof UserErrors>;

/** The `userErrors` of a mutation's payload; undefined for a payload that is none of Shopify's answers. */
const readErrors = (payload: unknown): ReadErrors | undefined =>
  UserErrors.safeParse(readField(payload, 'userErrors')).data;

const unread = () => connectorError('unexpected-content', 'the answer to the write has no userErrors');

/** The error in the `userErrors` of a mutation's payload, or undefined where it has none. They come with status 200. */
export const userErrorOf = (payload: unknown): ConnectorError | undefined => {
  const errors = readErrors(payload);
  if (errors === undefined) return unread();
  return errors.length === 0 ? undefined : errorFrom(errors);
};

const errorFrom = (errors: ReadErrors): ConnectorError => {
  const [first] = errors;
  const vendorCode = first?.code && plainName.test(first.code) ? first.code : undefined;
  const code = vendorCode !== undefined && Object.hasOwn(codes, vendorCode) ? codes[vendorCode] : undefined;
  return connectorError(code ?? 'invalid-request', 'Shopify refused the record', {
    vendorCode,
    issues: errors.map(issueOf),
  });
};

/** The errors of a write of several records. */
export interface ErrorsByPlace {
  /** What is wrong with the write as a whole, where anything is. */
  readonly whole: ConnectorError | undefined;
  /** What is wrong with single records, by their places in the list. */
  readonly byPlace: ReadonlyMap<number, ConnectorError>;
}

/**
 * The errors in the `userErrors` of a payload, by the record that each names of the `count` in the list at `path`. An error
 * that names none of them is one of the whole.
 */
export const userErrorsByPlace = (
  payload: unknown,
  { path, count }: { readonly path: readonly string[]; readonly count: number },
): ErrorsByPlace => {
  const errors = readErrors(payload);
  if (errors === undefined) return { whole: unread(), byPlace: new Map() };
  const placed = Map.groupBy(errors, ({ field }) => placeOf(field ?? [], { path, count }));
  if (placed.has(undefined)) return { whole: errorFrom(errors), byPlace: new Map() };
  const byPlace = new Map<number, ConnectorError>();
  for (const [place, own] of placed) {
    if (place === undefined) continue;
    const fields = own.map((each) => ({ ...each, field: each.field?.slice(path.length + 1) }));
    byPlace.set(place, errorFrom(fields));
  }
  return { whole: undefined, byPlace };
};

/** The place in a list that a field names: `['input', 'quantities', '3', 'locationId']` is the fourth. */
const placeOf = (
  field: readonly string[],
  { path, count }: { readonly path: readonly string[]; readonly count: number },
): number | undefined => {
  const place = Number(field[path.length]);
  const isPlace = Number.isInteger(place) && place >= 0 && place < count;
  return isPlace && path.every((step, index) => field[index] === step) ? place : undefined;
};
