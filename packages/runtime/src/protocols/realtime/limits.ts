import { z } from 'zod';

/** Longest time that a timer takes; a longer one would fire at once. */
const longestMs = 2_147_483_647;

/** Limits of a vendor's subscriptions, each with its default. */
export const RealtimeLimits = z.strictObject({
  /** Time from the first byte of the handshake to the acknowledgement, milliseconds. */
  ackTimeoutMs: z.int().min(1).max(longestMs).default(10_000),
  /** Silence after which a ping is sent, milliseconds. */
  pingMs: z.int().min(1).max(longestMs).default(30_000),
  /** How long the answer to a ping may take, milliseconds. */
  pongTimeoutMs: z.int().min(1).max(longestMs).default(10_000),
  /** Largest message, bytes. */
  maxMessageBytes: z
    .int()
    .min(1)
    .default(1024 * 1024),
  /** Messages that wait for a slow consumer, bytes; beyond it nothing more is read from the socket. */
  bufferBytes: z
    .int()
    .min(1)
    .default(4 * 1024 * 1024),
  /** How often in a row a connection is tried before the subscription fails. */
  attempts: z.int().min(1).default(10),
  /** How long a connection must have held for the attempts to be counted anew, milliseconds. */
  healthyAfterMs: z.int().min(0).max(longestMs).default(10_000),
});

/** Limits of a vendor's subscriptions, all given. */
export type RealtimeLimits = z.output<typeof RealtimeLimits>;
