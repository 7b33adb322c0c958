import { randomFillSync } from 'node:crypto';

/** Length of a nonce in bytes: 96 bits, as GCM wants it. */
export const nonceLength = 12;

const poolLength = nonceLength * 1024;

/** A source of random nonces, fetched from the system by the thousand: one call per row would double its cost. */
export const createNonces = (): (() => Uint8Array) => {
  const pool = Buffer.alloc(poolLength);
  let used = poolLength;
  return () => {
    if (used === poolLength) {
      randomFillSync(pool);
      used = 0;
    }
    used += nonceLength;
    return pool.subarray(used - nonceLength, used);
  };
};
