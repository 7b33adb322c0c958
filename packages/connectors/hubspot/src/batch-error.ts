import type { ConnectorErrorCode, RecordIssue } from '@mortise/runtime';
import type { BatchError } from './answers.ts';
import { plainName } from './error-body.ts';

const codes: Readonly<Record<string, ConnectorErrorCode>> = {
  VALIDATION_ERROR: 'invalid-request',
  CONFLICT: 'conflict',
  OBJECT_ALREADY_EXISTS: 'conflict',
  OBJECT_NOT_FOUND: 'not-found',
  MISSING_SCOPES: 'forbidden',
  RATE_LIMITS: 'rate-limited',
  RATE_LIMIT: 'rate-limited',
  INTERNAL_ERROR: 'unavailable',
};

/** What an error within a batch says: names only, because HubSpot's messages quote the values. */
export interface BatchErrorFacts {
  readonly code: ConnectorErrorCode;
  readonly vendorCode: string | undefined;
  readonly issues: readonly RecordIssue[] | undefined;
}

/** Reads one error of a batch. */
export const batchErrorFacts = ({ category = '', errors = [] }: BatchError): BatchErrorFacts => {
  const issues = errors.flatMap(({ code, context }) =>
    (context?.propertyName ?? []).flatMap((name): RecordIssue[] => {
      const property = plainName(name);
      return property === undefined
        ? []
        : [{ path: `properties.${property}`, reason: plainName(code) ?? 'is refused' }];
    }),
  );
  return {
    code: Object.hasOwn(codes, category) ? (codes[category] ?? 'invalid-request') : 'invalid-request',
    vendorCode: plainName(category),
    issues: issues.length === 0 ? undefined : issues,
  };
};
