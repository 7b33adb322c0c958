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
  const [first] = parsed.data;
  if (first === undefined) return undefined;
  const vendorCode = first.code && plainName.test(first.code) ? first.code : undefined;
  const code = vendorCode !== undefined && Object.hasOwn(codes, vendorCode) ? codes[vendorCode] : undefined;
  return connectorError(code ?? 'invalid-request', 'Shopify refused the record', {
    vendorCode,
    issues: parsed.data.map(issueOf),
  });
};
