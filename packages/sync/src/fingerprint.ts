import { hash } from 'node:crypto';

/** 132 bits that are equal for equal records. Rules write their fields in one order, so no sorting is needed. */
export const fingerprint = (record: unknown): string =>
  hash('sha256', JSON.stringify(record) ?? '', 'base64url').slice(0, 22);
