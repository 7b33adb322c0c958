import type { ConnectorErrorCode } from '@mortise/runtime';
import type { SoapMeaning } from '@mortise/runtime/soap';

const codes: Readonly<Record<string, ConnectorErrorCode>> = {
  RCRD_DSNT_EXIST: 'not-found',
  NONEXISTENT_ID: 'not-found',
  INSUFFICIENT_PERMISSION: 'forbidden',
  PERMISSION_VIOLATION: 'forbidden',
  INVALID_LOGIN: 'unauthenticated',
  INVALID_LOGIN_ATTEMPT: 'unauthenticated',
  WS_REQUEST_BLOCKED: 'rate-limited',
  WS_CONCUR_SESSION_DISALLWD: 'rate-limited',
  CONCURRENCY_LIMIT_EXCEEDED: 'rate-limited',
  SSS_REQUEST_LIMIT_EXCEEDED: 'rate-limited',
  ACCT_TEMP_UNAVAILABLE: 'unavailable',
  UNEXPECTED_ERROR: 'unavailable',
  INVALID_JOB_ID: 'expired-cursor',
  INVALID_JOBID: 'expired-cursor',
  DUP_ITEM: 'conflict',
  DUP_RCRD: 'conflict',
  DUP_ENTITY: 'conflict',
  UNIQUE_CUST_ID_REQD: 'conflict',
  RCRD_HAS_BEEN_CHANGED: 'conflict',
};

/** NetSuite's codes are names; anything else there may quote a value. */
export const plainCode = (code: string | undefined): string | undefined =>
  code !== undefined && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;

// "Permission Violation: You need the 'Lists -> Items' permission to access this page." Records are not named there.
const permissionForm = /the '([\p{L}\d ,>&/()-]{1,80})' permission/u;

/** What NetSuite says in a status, a fault or an error's details. */
export interface VendorProblem {
  readonly code: string | undefined;
  /** For the permission that it names, and for nothing else: it may quote values. */
  readonly message: string | undefined;
}

/** What a code of NetSuite means; undefined for one that is not known here. */
export const codeMeaning = ({ code, message }: VendorProblem): SoapMeaning | undefined => {
  const vendorCode = plainCode(code);
  if (vendorCode === undefined || !Object.hasOwn(codes, vendorCode)) return undefined;
  const known = codes[vendorCode] ?? 'invalid-request';
  if (known === 'rate-limited') return { code: known, vendorCode, reach: 'refused' };
  if (known !== 'forbidden') return { code: known, vendorCode };
  const permission = permissionForm.exec(message ?? '')?.[1];
  return { code: known, vendorCode, reach: 'refused', ...(permission !== undefined && { permissions: [permission] }) };
};
