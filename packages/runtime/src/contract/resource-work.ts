import { refuseUnwritable, writeRecords } from './batches.ts';
import { fallbackRead } from './fallback-read.ts';
import { idempotencyKey } from './idempotency-key.ts';

/**
 * What resources do over a call road. It comes with the road, from the protocol of a connection's first transport: a
 * host that only reads definitions loads none of it.
 */
export const resourceWork = { writeRecords, refuseUnwritable, fallbackRead, idempotencyKey } as const;

/** What resources do over a call road. */
export type ResourceWork = typeof resourceWork;
