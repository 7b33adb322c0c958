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
const issueOf = ({ field, code }: z.output<typeof UserErrors>[number]): RecordIssue => {
  const steps = (field ?? []).filter((step) => plainName.test(step));
  const reason = code && plainName.test(code) ? code : 'is refused';
  return { path: steps.join('.') || 'its top', reason };
};

/**
 * The error in the `userErrors` of a mutation's payload, or undefined where it has none. They come with status 200.
 * A payload that is not there is none of Shopify's answers.
 */
export const userErrorOf = (payload: unknown): ConnectorError | undefined => {
  const parsed = UserErrors.safeParse(readField(payload, 'userErrors'));
  if (!parsed.success) return connectorError('unexpected-content', 'the answer to the write has no userErrors');
  return parsed.data.length === 0 ? undefined : errorFrom(parsed.data);
};

const errorFrom = (errors: z.output<typeof UserErrors>): ConnectorError => {
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

/** The errors in the `userErrors` of a payload, by the record of the list at `path` that each names. */
export const userErrorsByPlace = (payload: unknown, path: readonly string[]): ErrorsByPlace => {
  const error = userErrorOf(payload);
  if (error === undefined) return { whole: undefined, byPlace: new Map() };
  const parsed = UserErrors.safeParse(readField(payload, 'userErrors'));
  const placed = Map.groupBy(parsed.data ?? [], ({ field }) => placeOf(field ?? [], path));
  const unplaced = placed.get(undefined);
  if (!parsed.success || unplaced !== undefined) return { whole: error, byPlace: new Map() };
  const byPlace = new Map<number, ConnectorError>();
  for (const [place, own] of placed) {
    if (place === undefined) continue;
    const fields = own.map((each) => ({ ...each, field: each.field?.slice(path.length + 1) }));
    byPlace.set(place, errorFrom(fields));
  }
  return { whole: undefined, byPlace };
};

/** The place in a list that a field names: `['input', 'quantities', '3', 'locationId']` is the fourth. */
const placeOf = (field: readonly string[], path: readonly string[]): number | undefined => {
  const place = Number(field[path.length]);
  return path.every((step, index) => field[index] === step) && Number.isInteger(place) ? place : undefined;
};
